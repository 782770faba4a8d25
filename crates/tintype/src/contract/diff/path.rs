/// The way from a part of a procedure to a type in it, as an index into [`Paths`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path(usize);

/// Paths that share their beginnings, so that deep types cost no more than flat ones.
#[derive(Debug)]
pub(super) struct Paths {
    /// The step before each step, and its text.
    steps: Vec<(Path, String)>,
}

impl Paths {
    /// The empty path alone.
    pub(super) fn new() -> (Self, Path) {
        let root = Path(0);
        (Self { steps: vec![(root, String::new())] }, root)
    }

    /// A member of an object.
    pub(super) fn member(&mut self, path: Path, name: &str) -> Path {
        let is_plain = name.chars().all(|it| it.is_alphanumeric() || it == '_' || it == '$' || it == '-');
        self.step(path, if is_plain && !name.is_empty() { format!(".{name}") } else { format!("[{name:?}]") })
    }

    /// A variant of a union; nothing if it has no name.
    pub(super) fn variant(&mut self, path: Path, name: &str) -> Path {
        if name.is_empty() { path } else { self.step(path, format!("<{name}>")) }
    }

    pub(super) fn step(&mut self, path: Path, text: impl Into<String>) -> Path {
        self.steps.push((path, text.into()));
        Path(self.steps.len() - 1)
    }

    /// The steps that lead from `start` to `path`.
    pub(super) fn render(&self, start: Path, mut path: Path) -> String {
        let mut steps = Vec::new();
        while path != start && path != Path(0) {
            let (before, step) = &self.steps[path.0];
            steps.push(step.as_str());
            path = *before;
        }
        steps.into_iter().rev().collect()
    }

    /// The same from the beginning.
    pub(super) fn render_all(&self, path: Path) -> String {
        self.render(Path(0), path)
    }
}
