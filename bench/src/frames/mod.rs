//! How many frames need not be looked at, and which changes are missed for it.

mod clips;

use std::path::PathBuf;

use api_contract::vision::{FrameDetection, FrameSignature};
use clap::Args;

use self::clips::{Clip, clips};
use crate::types::replace_marked;

/// Where the table goes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Writes the table into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

/// What becomes of a clip when each frame is compared with the last one that was looked at.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    looked_at: usize,
    changes: usize,
    missed: usize,
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    let table = table();
    println!("{table}");
    match &options.write {
        Some(path) => replace_marked(path, "frames", &table),
        None => Ok(()),
    }
}

fn table() -> String {
    let mut text = "| clip of 120 frames | changes | grid: saved | missed | hash: saved | missed |\n\
                    | --- | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    clips().iter().for_each(|clip| text.push_str(&row(clip)));
    text
}

fn row(clip: &Clip) -> String {
    let [grid, hash] = [FrameDetection::Grid, FrameDetection::Hash].map(|detection| outcome(clip, detection));
    let saved = |outcome: &Outcome| (clip.frames - outcome.looked_at) * 100 / clip.frames;
    format!(
        "| {} | {} | {} % | {} | {} % | {} |\n",
        clip.name,
        grid.changes,
        saved(&grid),
        grid.missed,
        saved(&hash),
        hash.missed
    )
}

fn outcome(clip: &Clip, detection: FrameDetection) -> Outcome {
    let mut last: Option<FrameSignature> = None;
    let (mut looked_at, mut changes, mut missed) = (0, 0, 0);
    // Whether something has changed of which no frame was looked at yet.
    let mut is_unseen = false;
    for number in 0..clip.frames {
        if (clip.changes)(number) {
            changes += 1;
            missed += usize::from(is_unseen);
            is_unseen = true;
        }
        let signature = FrameSignature::of(&clip.frame(number), detection);
        if last.as_ref().is_none_or(|last| !last.shows_the_same_as(&signature)) {
            looked_at += 1;
            is_unseen = false;
            last = Some(signature);
        }
    }
    missed += usize::from(is_unseen);
    Outcome { looked_at, changes, missed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_table_is_what_is_measured() {
        let documented = include_str!("../../../docs/chat.md");

        // All of them would take half a minute without optimisations.
        for clip in clips().iter().filter(|clip| clip.name.starts_with("a number")) {
            let row = row(clip);
            assert!(documented.contains(&row), "cargo run --release -p bench -- frames --write docs/chat.md: {row}");
        }
    }
}
