use std::str::FromStr;

/// The place where a page begins; the text as an error if it is not one of this server's cursors.
pub(crate) fn parse<C: FromStr>(text: Option<String>) -> Result<Option<C>, String> {
    text.map(|text| text.parse().map_err(|_| text)).transpose()
}
