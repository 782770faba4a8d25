//! Whether an image shows the same as the one before: frames of a screen or a camera mostly do.

use image::{RgbImage, imageops::FilterType};
use image_hasher::{HashAlg, HasherConfig, ImageHash};

/// How two frames are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameDetection {
    /// By the brightness of 32 by 24 fields: sees that a label has changed, and sends most frames of a face.
    Grid,
    /// By a perceptual hash of 64 bits: sees that the picture is another, and misses most small changes.
    Hash,
}

/// What is remembered of a frame to compare it with the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameSignature(Signature);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Signature {
    Grid(Vec<u8>),
    Hash(ImageHash),
}

/// Fields of the grid.
const COLUMNS: u32 = 32;
const ROWS: u32 = 24;

/// By so much, of 255, may the brightness of every field differ: compression and noise stay below it.
const FIELD_TOLERANCE: u8 = 6;

/// So many bits of the hash may differ.
const HASH_TOLERANCE: u32 = 4;

/// What stored signatures begin with.
const GRID_MARK: u8 = 1;
const HASH_MARK: u8 = 2;

impl FrameSignature {
    /// The signature of an image.
    #[must_use]
    pub fn of(pixels: &RgbImage, detection: FrameDetection) -> Self {
        Self(match detection {
            FrameDetection::Grid => {
                let luma = image::imageops::grayscale(pixels);
                Signature::Grid(image::imageops::resize(&luma, COLUMNS, ROWS, FilterType::Triangle).into_raw())
            }
            FrameDetection::Hash => {
                // The transform looks at the low frequencies only.
                let hasher = HasherConfig::new().hash_alg(HashAlg::Median).preproc_dct().hash_size(8, 8).to_hasher();
                Signature::Hash(hasher.hash_image(pixels))
            }
        })
    }

    /// Whether both frames show the same, as far as this way of comparing sees; frames that were looked at in different
    /// ways never do.
    #[must_use]
    pub fn shows_the_same_as(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Signature::Grid(one), Signature::Grid(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| one.abs_diff(*other) <= FIELD_TOLERANCE)
            }
            (Signature::Hash(one), Signature::Hash(other)) => one.dist(other) <= HASH_TOLERANCE,
            _ => false,
        }
    }

    /// Bytes from which [`FrameSignature::from_bytes`] reads it again.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let (mark, bytes) = match &self.0 {
            Signature::Grid(fields) => (GRID_MARK, fields.as_slice()),
            Signature::Hash(hash) => (HASH_MARK, hash.as_bytes()),
        };
        [&[mark], bytes].concat()
    }

    /// What was stored; `None` if it is of an earlier version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (mark, bytes) = bytes.split_first()?;
        match *mark {
            GRID_MARK => Some(Self(Signature::Grid(bytes.to_vec()))),
            HASH_MARK => ImageHash::from_bytes(bytes).ok().map(|hash| Self(Signature::Hash(hash))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A screen with a window in it, whose left edge is at `x`, and a label of a few pixels.
    fn screen(x: u32, has_label: bool) -> RgbImage {
        RgbImage::from_fn(640, 480, |column, row| {
            let is_window = (x..x + 200).contains(&column) && (100..300).contains(&row);
            let is_label = has_label && (500..520).contains(&column) && (400..408).contains(&row);
            Rgb(if is_window || is_label { [20, 20, 20] } else { [230, 230, 240] })
        })
    }

    fn is_same(one: &RgbImage, other: &RgbImage, detection: FrameDetection) -> bool {
        let stored = FrameSignature::of(one, detection).to_bytes();
        FrameSignature::from_bytes(&stored).unwrap().shows_the_same_as(&FrameSignature::of(other, detection))
    }

    #[test]
    fn the_same_picture_is_the_same_and_a_moved_window_is_not() {
        for detection in [FrameDetection::Grid, FrameDetection::Hash] {
            assert!(is_same(&screen(50, false), &screen(50, false), detection), "{detection:?}");
            assert!(!is_same(&screen(50, false), &screen(350, false), detection), "{detection:?}");
        }
    }

    #[test]
    fn the_grid_sees_a_label_and_the_hash_does_not() {
        assert!(!is_same(&screen(50, false), &screen(50, true), FrameDetection::Grid));
        assert!(is_same(&screen(50, false), &screen(50, true), FrameDetection::Hash));
    }

    #[test]
    fn signatures_of_different_ways_are_never_the_same() {
        let of = |detection| FrameSignature::of(&screen(50, false), detection);

        assert!(!of(FrameDetection::Grid).shows_the_same_as(&of(FrameDetection::Hash)));
        assert_eq!(FrameSignature::from_bytes(&[]), None);
        assert_eq!(FrameSignature::from_bytes(&[9, 1, 2]), None);
    }
}
