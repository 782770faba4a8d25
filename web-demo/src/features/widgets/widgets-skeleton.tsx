/** The list while it is read for the first time. */
export function WidgetsSkeleton() {
  return (
    <div role="status" aria-label="Loading widgets">
      <ul aria-hidden="true" className="widget-grid">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <li key={key} className="mat p-3">
            <div className="snipped plate developing aspect-[16/10]" />
            <div className="px-2 pt-5 pb-4">
              <div className="developing h-5 w-2/3 bg-line" />
              <div className="developing mt-3 h-3.5 w-2/5 bg-line" />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
