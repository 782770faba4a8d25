//! Clips as screens and cameras send them, drawn anew each time: the same pixels wherever they are drawn.

use image::{Rgb, RgbImage};

/// Frames one after the other, and where a person would say that something has changed.
pub(super) struct Clip {
    pub(super) name: &'static str,
    pub(super) frames: usize,
    /// Whether the frame of this number shows something else than the one before.
    pub(super) changes: fn(usize) -> bool,
    draw: fn(&mut RgbImage, usize),
    /// By how much a pixel differs by chance, of 255.
    noise: u8,
}

const WIDTH: u32 = 320;
const HEIGHT: u32 = 200;

/// Everything is drawn for a picture of twice that size.
const SCALE: i64 = 2;

const PAPER: Rgb<u8> = Rgb([236, 236, 240]);
const INK: Rgb<u8> = Rgb([30, 30, 36]);

/// All of them, five seconds each at 24 frames a second.
pub(super) fn clips() -> Vec<Clip> {
    let clip = |name, changes, draw, noise| Clip { name, frames: 120, changes, draw, noise };
    vec![
        clip("a screen on which nothing happens", |_| false, |image, _| page(image, 0), 0),
        clip("a camera in front of a wall", |_| false, |image, _| page(image, 0), 3),
        clip("a pointer that moves", |_| false, pointer, 0),
        clip("a face that talks", |_| false, face, 2),
        clip(
            "a number that counts, 12 by 5 of 320 by 200 pixels",
            |frame| frame > 0 && frame.is_multiple_of(30),
            counter,
            0,
        ),
        clip("words that are typed", |frame| frame > 0 && frame.is_multiple_of(12), typing, 0),
        clip("a window that jumps", |frame| frame > 0 && frame.is_multiple_of(40), window, 0),
        clip("a page that scrolls", |frame| (40..80).contains(&frame), scrolling, 0),
        clip("slides", |frame| frame > 0 && frame.is_multiple_of(30), slides, 0),
    ]
}

impl Clip {
    /// The frame of this number.
    pub(super) fn frame(&self, number: usize) -> RgbImage {
        let mut image = RgbImage::from_pixel(WIDTH, HEIGHT, PAPER);
        (self.draw)(&mut image, number);
        if self.noise > 0 {
            let mut state = number as u64;
            let reach = i16::from(self.noise);
            for channel in image.iter_mut() {
                // The generator of Knuth's MMIX: quick, and good enough for noise.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                #[allow(clippy::cast_possible_truncation)]
                let chance = (state >> 48) as i16;
                let noisy = i16::from(*channel) + chance.rem_euclid(2 * reach + 1) - reach;
                *channel = u8::try_from(noisy.clamp(0, 255)).unwrap_or(u8::MAX);
            }
        }
        image
    }
}

fn fill(image: &mut RgbImage, x: i64, y: i64, width: i64, height: i64, color: Rgb<u8>) {
    let [x, y, width, height] = [x, y, width, height].map(|length| length / SCALE);
    for (column, row) in (y..y + height).flat_map(|row| (x..x + width).map(move |column| (column, row))) {
        if let (Ok(column), Ok(row)) = (u32::try_from(column), u32::try_from(row))
            && let Some(pixel) = image.get_pixel_mut_checked(column, row)
        {
            *pixel = color;
        }
    }
}

fn signed(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Lines of text as bars, each of another length; `from` is how far the page is scrolled.
fn page(image: &mut RgbImage, from: i64) {
    for line in 0..60_i64 {
        let length = 120 + (line * 137) % 400;
        fill(image, 60, 30 + line * 18 - from, length, 8, Rgb([120, 120, 128]));
    }
}

fn pointer(image: &mut RgbImage, frame: usize) {
    page(image, 0);
    fill(image, 40 + signed(frame) * 4, 60 + signed(frame) * 2, 8, 12, INK);
}

fn face(image: &mut RgbImage, frame: usize) {
    let sway = [0, 1, 2, 3, 4, 3, 2, 1][frame / 3 % 8];
    let mouth = [2, 6, 12, 18, 10, 4][frame % 6];
    fill(image, 220 + sway, 60, 200, 260, Rgb([214, 172, 150]));
    fill(image, 268 + sway, 140, 26, 12, INK);
    fill(image, 346 + sway, 140, 26, 12, INK);
    fill(image, 290 + sway, 240, 60, mouth, Rgb([120, 40, 50]));
}

fn counter(image: &mut RgbImage, frame: usize) {
    page(image, 0);
    fill(image, 560, 20, 60, 24, Rgb([255, 255, 255]));
    // Two digits of which other segments are lit.
    let lit = frame / 30;
    fill(image, 566 + signed(lit % 2) * 16, 28, 8, 10, INK);
    fill(image, 590, 28, 4 + signed(lit) * 4, 10, INK);
}

fn typing(image: &mut RgbImage, frame: usize) {
    let typed = frame / 2;
    for letter in 0..typed {
        let (line, column) = (letter / 48, letter % 48);
        // Every sixth is a space.
        if letter % 6 != 5 {
            fill(image, 40 + signed(column) * 11, 60 + signed(line) * 22, 8, 13, INK);
        }
    }
}

fn window(image: &mut RgbImage, frame: usize) {
    page(image, 0);
    let x = [60, 300, 140][frame / 40 % 3];
    fill(image, x, 110, 240, 160, Rgb([60, 90, 140]));
    fill(image, x, 110, 240, 18, INK);
}

fn scrolling(image: &mut RgbImage, frame: usize) {
    page(image, signed(frame.clamp(39, 79) - 39) * 7);
}

fn slides(image: &mut RgbImage, frame: usize) {
    let slide = signed(frame / 30);
    fill(image, 40, 40, 560, 50, Rgb([40, 60, 110]));
    for bar in 0..4_i64 {
        let height = 40 + ((slide + 1) * (bar + 2) * 53) % 200;
        fill(image, 80 + bar * 130, 360 - height, 90, height, Rgb([200, 110, 60]));
    }
}
