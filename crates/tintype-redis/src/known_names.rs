use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;
use tintype::TopicKey;

use crate::keys::Names;

/// The names of the topics that were used last, so that those which are used often are not computed anew each time.
pub(crate) struct KnownNames {
    prefix: String,
    // Short sections without an `.await`, in which nothing panics half-way.
    names: Mutex<LruCache<TopicKey, Names>>,
}

/// Names that are kept: about a megabyte. Others are computed, which takes five times as long as to look them up.
const KEPT: NonZeroUsize = NonZeroUsize::new(4096).expect("it is not zero");

impl KnownNames {
    pub(crate) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), names: Mutex::new(LruCache::new(KEPT)) }
    }

    pub(crate) fn of(&self, key: &TopicKey) -> Names {
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names = names.get_or_insert_ref(key, || Names::new(&self.prefix, key)).clone();
        // Whoever asks says how much of the topic is kept.
        names.retention = key.retention();
        names
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tintype::Retention;

    use super::*;

    #[test]
    fn who_asks_says_how_much_is_kept() {
        let known = KnownNames::new("tt");
        let key = TopicKey::new("tenant", &["ticks"]).unwrap();
        known.of(&key);

        let retention = Retention { events: Some(7), ..Retention::DEFAULT };
        assert_eq!(known.of(&key.keeping(retention)).retention, retention);
    }

    #[test]
    fn names_are_computed_once_and_few_are_kept() {
        let known = KnownNames::new("tt");
        let key = |number: usize| TopicKey::new("tenant", &[&number.to_string()]).unwrap();
        let first = known.of(&key(0));
        assert!(Arc::ptr_eq(&known.of(&key(0)).stream, &first.stream));

        for number in 1..=KEPT.get() {
            assert_eq!(known.of(&key(number)).stream, Names::new("tt", &key(number)).stream);
        }

        assert_eq!(known.names.lock().unwrap().len(), KEPT.get());
        let again = known.of(&key(0));
        assert!(!Arc::ptr_eq(&again.stream, &first.stream));
        assert_eq!(again.stream, first.stream);
    }
}
