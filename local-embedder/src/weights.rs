use std::{
    fs,
    path::{Path, PathBuf},
};

use ndarray::{Array1, Array2};
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use crate::OpenError;

/// `model.safetensors`.
pub(crate) struct File {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl File {
    pub(crate) fn read(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join("model.safetensors");
        match fs::read(&path) {
            Ok(bytes) => Ok(Self { path, bytes }),
            Err(source) => Err(OpenError::Read { path, source }),
        }
    }

    /// The SHA-256 of the file, in hexadecimal digits.
    pub(crate) fn fingerprint(&self) -> String {
        Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn tensors(&self) -> Result<Tensors<'_>, OpenError> {
        match SafeTensors::deserialize(&self.bytes) {
            Ok(tensors) => Ok(Tensors { path: &self.path, tensors }),
            Err(error) => Err(self.invalid(error)),
        }
    }

    fn invalid(&self, detail: impl ToString) -> OpenError {
        OpenError::invalid(self.path.clone(), detail)
    }
}

/// The tensors of a file.
pub(crate) struct Tensors<'file> {
    path: &'file Path,
    tensors: SafeTensors<'file>,
}

impl Tensors<'_> {
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Array1<f32>, OpenError> {
        let (numbers, shape) = self.numbers(name)?;
        if shape != [length] {
            return Err(self.wrong_shape(name, &shape, &[length]));
        }
        Ok(numbers.into())
    }

    /// A matrix with `columns`, and any number of rows or `rows`.
    pub(crate) fn matrix(&self, name: &str, rows: Option<usize>, columns: usize) -> Result<Array2<f32>, OpenError> {
        let (numbers, shape) = self.numbers(name)?;
        let wrong = || self.wrong_shape(name, &shape, &[rows.unwrap_or(1), columns]);
        let &[found, width] = shape.as_slice() else { return Err(wrong()) };
        if width != columns || rows.is_some_and(|rows| rows != found) {
            return Err(wrong());
        }
        Array2::from_shape_vec((found, width), numbers).map_err(|error| self.invalid(error))
    }

    fn numbers(&self, name: &str) -> Result<(Vec<f32>, Vec<usize>), OpenError> {
        let found = self.tensors.tensor(name).or_else(|_| self.tensors.tensor(&format!("bert.{name}")));
        let tensor = found.map_err(|_| self.invalid(format!("it has no tensor {name}")))?;
        if tensor.dtype() != Dtype::F32 {
            let detail = format!("{name} has numbers of type {:?}: save the model with float32", tensor.dtype());
            return Err(self.invalid(detail));
        }
        let (numbers, _) = tensor.data().as_chunks();
        Ok((numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(), tensor.shape().to_vec()))
    }

    fn wrong_shape(&self, name: &str, is: &[usize], must: &[usize]) -> OpenError {
        self.invalid(format!("{name} has the shape {is:?} and not {must:?}, which config.json asks for"))
    }

    fn invalid(&self, detail: impl ToString) -> OpenError {
        OpenError::invalid(self.path.to_owned(), detail)
    }
}
