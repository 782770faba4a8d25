//! From bytes that a client sends to the image that a model sees.

use std::io::Cursor;

use bytes::Bytes;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};

/// An image as a model is shown it: small enough, upright, and without anything but its pixels.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The pixels, for comparing.
    pub(super) pixels: RgbImage,
    /// The same as a JPEG.
    pub(super) jpeg: Bytes,
}

/// Why an image cannot be shown to a model.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    /// It is none of the formats.
    Format {
        /// What it is instead, where that is known.
        found: Option<&'static str>,
    },
    /// It has too many pixels.
    Pixels { width: u32, height: u32 },
    /// It is cut off, or not what it says it is.
    Broken { reason: String },
}

/// Models are shown no more than this: OpenAI's scale an image into a square of 2,048 pixels, and then its shorter side
/// to 768.
const LONGEST_SIDE: u32 = 2_048;
const SHORTEST_SIDE: u32 = 768;

/// Text stays readable, at about a sixth of the size of a PNG.
const JPEG_QUALITY: u8 = 90;

/// Memory for a decoded pixel, with 16 bits for each of four channels, and as much again for the decoder's own.
const BYTES_PER_PIXEL: u64 = 16;

/// Reads an image of at most `most_pixels`, turns it upright, makes it small and encodes it anew.
///
/// It computes for up to a second, so it does not belong on a thread that others wait for.
pub(super) fn prepare(bytes: &[u8], most_pixels: u64) -> Result<Prepared, Unusable> {
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
        Ok(other) => return Err(Unusable::Format { found: other.extensions_str().first().copied() }),
        Err(_) => return Err(Unusable::Format { found: None }),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(most_pixels.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    // Before anything is allocated for them.
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most_pixels {
        return Err(Unusable::Pixels { width, height });
    }
    let orientation = decoder.orientation().map_err(broken)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let (width, height) = shown_size(width, height);
    if (width, height) != (image.width(), image.height()) {
        image = image.resize_exact(width, height, FilterType::CatmullRom);
    }
    image.apply_orientation(orientation);
    let pixels = on_white(&image);
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(&pixels).map_err(broken)?;
    Ok(Prepared { pixels, jpeg: jpeg.into() })
}

/// The size at which a model is shown an image of this one; never larger, and never without a side.
fn shown_size(width: u32, height: u32) -> (u32, u32) {
    let (longest, shortest) = (width.max(height), width.min(height));
    let scale = |from: u32, to: u32| if from > to { f64::from(to) / f64::from(from) } else { 1.0 };
    let scale = scale(longest, LONGEST_SIDE).min(scale(shortest, SHORTEST_SIDE));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    (scaled(width), scaled(height))
}

/// The image without transparency, as a page would show it.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let mut opaque = RgbImage::new(image.width(), image.height());
    for (from, to) in image.to_rgba8().pixels().zip(opaque.pixels_mut()) {
        let [red, green, blue, alpha] = from.0.map(u16::from);
        #[allow(clippy::cast_possible_truncation)]
        let blend = |channel: u16| ((channel * alpha + 255 * (255 - alpha)) / 255) as u8;
        *to = Rgb([blend(red), blend(green), blend(blue)]);
    }
    opaque
}

fn broken(error: image::ImageError) -> Unusable {
    Unusable::Broken { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    const MOST: u64 = 40_000_000;

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn photo(width: u32, height: u32) -> DynamicImage {
        #[allow(clippy::cast_possible_truncation)]
        RgbImage::from_fn(width, height, |x, y| Rgb([x as u8, y as u8, 128])).into()
    }

    #[test]
    fn images_are_made_as_small_as_models_see_them_and_no_smaller() {
        assert_eq!(shown_size(300, 200), (300, 200));
        assert_eq!(shown_size(4_096, 1_024), (2_048, 512));
        assert_eq!(shown_size(2_000, 2_000), (768, 768));
        assert_eq!(shown_size(100_000, 1), (2_048, 1));
    }

    #[test]
    fn every_format_becomes_a_jpeg_without_metadata() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let mut bytes = encoded(&photo(1_600, 900), format);
            if format == ImageFormat::Jpeg {
                // A comment, behind the two bytes with which a JPEG begins.
                let comment = b"\xff\xfe\x00\x1fwhere it was taken, and by whom";
                bytes.splice(2..2, comment[..33].iter().copied());
            }

            let prepared = prepare(&bytes, MOST).unwrap();

            assert_eq!(prepared.pixels.dimensions(), (1_365, 768), "{format:?}");
            assert_eq!(image::guess_format(&prepared.jpeg).unwrap(), ImageFormat::Jpeg);
            assert!(!prepared.jpeg.windows(9).any(|window| window == b"where it "), "{format:?}");
        }
    }

    #[test]
    fn an_image_that_lies_on_its_side_is_turned_upright() {
        let mut image = RgbImage::new(40, 20);
        image.put_pixel(0, 0, Rgb([255, 255, 255]));
        let mut jpeg = encoded(&photo(40, 20), ImageFormat::Jpeg);
        // Exif says: turn it by a quarter to the right.
        let exif = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        jpeg.splice(2..2, exif.iter().copied());

        let prepared = prepare(&jpeg, MOST).unwrap();

        assert_eq!(prepared.pixels.dimensions(), (20, 40));
    }

    #[test]
    fn what_is_transparent_is_white() {
        let image = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 0]));

        let prepared = prepare(&encoded(&image.into(), ImageFormat::Png), MOST).unwrap();

        assert_eq!(prepared.pixels.get_pixel(1, 1), &Rgb([255, 255, 255]));
    }

    #[test]
    fn what_cannot_be_shown_is_told_apart() {
        let unusable = |bytes: &[u8]| prepare(bytes, 1_000).unwrap_err();

        assert_eq!(unusable(b""), Unusable::Format { found: None });
        assert_eq!(unusable(b"just text"), Unusable::Format { found: None });
        assert_eq!(unusable(b"GIF89a\x01\0\x01\0"), Unusable::Format { found: Some("gif") });
        let large = encoded(&photo(100, 11), ImageFormat::Png);
        assert_eq!(unusable(&large), Unusable::Pixels { width: 100, height: 11 });
        let whole = encoded(&photo(20, 20), ImageFormat::Png);
        assert!(matches!(unusable(&whole[..whole.len() / 2]), Unusable::Broken { .. }));
        // Its head says more than there is.
        let mut bomb = encoded(&photo(10, 10), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(matches!(unusable(&bomb), Unusable::Pixels { .. } | Unusable::Broken { .. }));
    }
}
