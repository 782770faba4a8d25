import { useDocumentTitle } from '../../components/use-document-title';
import { BudgetPanel } from './budget-panel';
import { ModelsPanel } from './models-panel';
import { MonthCosts } from './month-costs';

type CostsPageProps = {
  tenantName: string;
  isOwner: boolean;
};

/** What AI costs the workspace, and what it may cost. */
export function CostsPage({ tenantName, isOwner }: CostsPageProps) {
  useDocumentTitle('Costs');
  return (
    <>
      <div className="mb-8">
        <p className="eyebrow wrap-anywhere">{tenantName}</p>
        <h1 className="mt-1 font-display text-4xl tracking-tight">Costs</h1>
      </div>
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <MonthCosts isOwner={isOwner} />
        <div className="space-y-8">
          <BudgetPanel isOwner={isOwner} />
          <ModelsPanel isOwner={isOwner} />
        </div>
      </div>
    </>
  );
}
