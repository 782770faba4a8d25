//! Runs what never has to wait: everything that a call needs is there when it begins.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use futures_util::{Stream, StreamExt};

/// Remembers that somebody was woken.
#[derive(Debug, Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Polls for as long as there is somebody to wake; `None` if the future waits for what will not come.
pub(crate) fn settled<F: Future>(future: F) -> Option<F::Output> {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut task = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut task) {
            return Some(output);
        }
        if !woken.0.swap(false, Ordering::Relaxed) {
            return None;
        }
    }
}

/// The output of a future that must not wait.
#[track_caller]
pub(crate) fn finish<F: Future>(future: F) -> F::Output {
    settled(future).expect("it hangs: nothing will wake it")
}

/// Everything of a stream that must end.
#[track_caller]
pub(crate) fn collect<S: Stream>(stream: S) -> Vec<S::Item> {
    finish(stream.collect())
}
