/** The list while it is read for the first time. */
export function DocumentsSkeleton() {
  return (
    <div role="status" aria-label="Loading documents">
      <ul aria-hidden="true" className="space-y-3">
        {['a', 'b', 'c'].map((key) => (
          <li key={key} className="mat px-5 py-5">
            <div className="developing h-5 w-1/2 bg-line" />
            <div className="developing mt-3 h-3.5 w-1/3 bg-line" />
          </li>
        ))}
      </ul>
    </div>
  );
}
