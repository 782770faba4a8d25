use std::fmt;

use crate::{context::Context, error::CallError, input::Ready, procedure::Procedure};

/// Calls procedures in process, typed, with the same extraction and the same input rules as a call from outside.
///
/// ```
/// use tintype::{Context, Never, Router, query, router};
///
/// /// Twice the input.
/// #[query(state = ())]
/// pub async fn double(input: u32) -> Result<u32, Never> {
///     Ok(input * 2)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let router: Router<()> = router! { [double] };
/// let caller = router.caller(Context::builder(()).build());
/// assert_eq!(caller.call::<double>(21).await.unwrap(), 42);
/// # }
/// ```
pub struct Caller<S> {
    cx: Context<S>,
}

impl<S: Clone + Send + Sync + 'static> Caller<S> {
    pub(crate) fn new(cx: Context<S>) -> Self {
        Self { cx }
    }

    /// Calls the procedure `P`; a procedure without input takes `()`.
    ///
    /// # Errors
    ///
    /// [`CallError::Procedure`] with the procedure's own error, or [`CallError::Failure`] when an extractor refused
    /// the call or the input breaks its rules.
    pub async fn call<P: Procedure<State = S>>(&self, input: P::Input) -> Result<P::Output, CallError<P::Error>> {
        P::invoke(self.cx.clone(), Ready(input)).await
    }

    /// The context in which the calls run.
    pub fn context(&self) -> &Context<S> {
        &self.cx
    }
}

impl<S> fmt::Debug for Caller<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller").finish_non_exhaustive()
    }
}
