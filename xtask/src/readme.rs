//! Type-checks the TypeScript of the README and of the documentation against the generated bindings.

use std::fs;

use anyhow::{Context, bail};
use serde_json::json;

use crate::{tool::Tool, workspace::Workspace};

/// What has TypeScript that uses the contract of the product.
const CHECKED: &[&str] = &["README.md", "docs/errors.md"];

/// Where the blocks are written: ignored by git, and below the root so that packages are found.
const FOLDER: &str = "node_modules/.cache/tintype-readme";

pub(crate) fn check_types(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.root().join(FOLDER);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut files = Vec::new();
    for name in CHECKED {
        let path = workspace.root().join(name);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let blocks = blocks(&text, &["ts", "tsx"]);
        if blocks.is_empty() {
            bail!("{name} has no block of TypeScript to check");
        }
        for Block { language, line, text } in &blocks {
            // The name says where a message of the compiler points to.
            let file = format!("{}-line-{line}.{language}", name.replace(['/', '.'], "-"));
            // A block is a module of its own, even without an import.
            fs::write(folder.join(&file), format!("{text}export {{}};\n"))
                .with_context(|| format!("cannot write {file} in {}", folder.display()))?;
            files.push(file);
        }
    }
    let config = json!({
        "extends": workspace.root().join("tsconfig.base.json"),
        "compilerOptions": { "lib": ["es2022", "dom", "dom.iterable"], "jsx": "react-jsx", "types": [] },
        "files": files,
    });
    let project = folder.join("tsconfig.json");
    fs::write(&project, format!("{config:#}\n")).with_context(|| format!("cannot write {}", project.display()))?;
    Tool::new(workspace, "npx").args(["--no-install", "tsc", "--project", FOLDER]).run()
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Block<'a> {
    language: &'a str,
    /// Line of its fence, from 1.
    line: usize,
    pub(crate) text: String,
}

/// The fenced blocks of Markdown in one of the languages.
pub(crate) fn blocks<'a>(markdown: &'a str, languages: &[&str]) -> Vec<Block<'a>> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else { continue };
        let mut text = String::new();
        // Every block is read to its end, or the closing fence of one would open another.
        for (_, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with("```")) {
            text.push_str(line);
            text.push('\n');
        }
        if languages.contains(&language.trim()) {
            blocks.push(Block { language: language.trim(), line: index + 1, text });
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_blocks_of_the_language_are_read() {
        let markdown = "# Title\n```sh\nls\n```\ntext\n```ts\nconst a = 1;\n```\n```rust\nfn a() {}\n```\n";

        let blocks = blocks(markdown, &["ts", "tsx"]);

        assert_eq!(blocks, [Block { language: "ts", line: 6, text: "const a = 1;\n".to_owned() }]);
    }
}
