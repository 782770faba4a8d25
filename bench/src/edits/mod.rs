#[derive(Debug, clap::Args)]
pub(crate) struct Options {}
pub(crate) fn measure(_: &Options) -> anyhow::Result<()> { Ok(()) }
