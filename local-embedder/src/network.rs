//! The encoder: tokens of one text in, a vector for each of them out.

use ndarray::{Array1, Array2, Axis, Slice, Zip};

use crate::{
    EmbedError, OpenError,
    files::Config,
    weights::{File, Tensors},
};

/// A network with its numbers.
pub(crate) struct Network {
    words: Array2<f32>,
    positions: Array2<f32>,
    segments: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    norm: Norm,
}

/// A matrix, and what is added after it.
struct Linear {
    weight: Array2<f32>,
    bias: Array1<f32>,
}

/// Moves and scales each row to mean 0 and variance 1, and then as was learned.
struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    epsilon: f32,
}

impl Network {
    pub(crate) fn read(config: &Config, file: &File) -> Result<Self, OpenError> {
        let tensors = file.tensors()?;
        let width = config.width;
        let table = |name: &str| tensors.matrix(&format!("embeddings.{name}_embeddings.weight"), None, width);
        let words = table("word")?;
        let positions = tensors.matrix("embeddings.position_embeddings.weight", None, width).and_then(|positions| {
            if positions.nrows() < config.longest {
                // It says what is missing, by the shape.
                return tensors.matrix("embeddings.position_embeddings.weight", Some(config.longest), width);
            }
            Ok(positions)
        })?;
        let segments = table("token_type")?;
        let norm = Norm::read(&tensors, "embeddings.LayerNorm", config)?;
        let layers =
            (0..config.layers).map(|number| Layer::read(&tensors, number, config)).collect::<Result<_, _>>()?;
        Ok(Self { words, positions, segments, norm, layers, heads: config.heads })
    }

    pub(crate) fn width(&self) -> usize {
        self.words.ncols()
    }

    /// The vectors of tokens, one a row; `segments` says of which of two texts each is.
    pub(crate) fn run(&self, tokens: &[u32], segments: &[u32]) -> Result<Array2<f32>, EmbedError> {
        let known = self.words.nrows();
        let mut rows = Array2::zeros((tokens.len(), self.width()));
        for (place, mut row) in rows.axis_iter_mut(Axis(0)).enumerate() {
            let (token, segment) = (tokens[place], segments[place] as usize);
            if token as usize >= known || segment >= self.segments.nrows() {
                return Err(EmbedError::UnknownToken { token, known });
            }
            row += &self.words.row(token as usize);
            row += &self.positions.row(place);
            row += &self.segments.row(segment);
        }
        self.norm.apply(&mut rows);
        for layer in &self.layers {
            layer.apply(&mut rows, self.heads);
        }
        Ok(rows)
    }
}

impl Layer {
    fn read(tensors: &Tensors<'_>, number: usize, config: &Config) -> Result<Self, OpenError> {
        let width = config.width;
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let linear = |part: &str, rows, columns| Linear::read(tensors, &name(part), rows, columns);
        let norm = |part: &str| Norm::read(tensors, &name(part), config);
        let inner = linear("intermediate.dense", None, width)?;
        Ok(Self {
            query: linear("attention.self.query", Some(width), width)?,
            key: linear("attention.self.key", Some(width), width)?,
            value: linear("attention.self.value", Some(width), width)?,
            attended: linear("attention.output.dense", Some(width), width)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            outer: linear("output.dense", Some(width), inner.bias.len())?,
            inner,
            norm: norm("output.LayerNorm")?,
        })
    }

    fn apply(&self, rows: &mut Array2<f32>, heads: usize) {
        let attended = self.attended.apply(&self.attend(rows, heads));
        *rows += &attended;
        self.attended_norm.apply(rows);
        let mut inner = self.inner.apply(rows);
        inner.mapv_inplace(gelu);
        *rows += &self.outer.apply(&inner);
        self.norm.apply(rows);
    }

    /// Each row becomes a mean of all rows' values, weighed by how well its query fits their keys; for each head alone.
    fn attend(&self, rows: &Array2<f32>, heads: usize) -> Array2<f32> {
        let (query, key, value) = (self.query.apply(rows), self.key.apply(rows), self.value.apply(rows));
        let width = rows.ncols() / heads;
        let scale = (width as f32).sqrt().recip();
        let mut attended = Array2::zeros(rows.raw_dim());
        for head in 0..heads {
            let part = Slice::from(head * width..(head + 1) * width);
            let of_head = |rows: &Array2<f32>| rows.slice_axis(Axis(1), part).to_owned();
            let mut fits = of_head(&query).dot(&of_head(&key).t());
            for mut row in fits.rows_mut() {
                let most = row.fold(f32::NEG_INFINITY, |most, fit| most.max(*fit));
                row.mapv_inplace(|fit| ((fit - most) * scale).exp());
                let sum = row.sum();
                row /= sum;
            }
            attended.slice_axis_mut(Axis(1), part).assign(&fits.dot(&of_head(&value)));
        }
        attended
    }
}

impl Linear {
    fn read(tensors: &Tensors<'_>, name: &str, rows: Option<usize>, columns: usize) -> Result<Self, OpenError> {
        let weight = tensors.matrix(&format!("{name}.weight"), rows, columns)?;
        let bias = tensors.vector(&format!("{name}.bias"), weight.nrows())?;
        Ok(Self { weight, bias })
    }

    fn apply(&self, rows: &Array2<f32>) -> Array2<f32> {
        rows.dot(&self.weight.t()) + &self.bias
    }
}

impl Norm {
    fn read(tensors: &Tensors<'_>, name: &str, config: &Config) -> Result<Self, OpenError> {
        let vector = |part: &str| tensors.vector(&format!("{name}.{part}"), config.width);
        Ok(Self { weight: vector("weight")?, bias: vector("bias")?, epsilon: config.epsilon })
    }

    fn apply(&self, rows: &mut Array2<f32>) {
        let count = rows.ncols() as f32;
        for mut row in rows.rows_mut() {
            let mean = row.sum() / count;
            let variance = row.fold(0.0, |sum, number| sum + (number - mean).powi(2)) / count;
            let scale = (variance + self.epsilon).sqrt().recip();
            let learned = |number: &mut f32, weight: &f32, bias: &f32| {
                *number = (*number - mean) * scale * weight + bias;
            };
            Zip::from(&mut row).and(&self.weight).and(&self.bias).for_each(learned);
        }
    }
}

/// Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
fn gelu(number: f32) -> f32 {
    0.5 * number * (1.0 + libm::erff(number * std::f32::consts::FRAC_1_SQRT_2))
}
