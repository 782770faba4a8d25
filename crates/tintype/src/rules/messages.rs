//! What is said of a broken rule.

use std::{borrow::Cow, fmt::Display};

use garde::i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind};

/// Of an e-mail address, without the reason.
pub(crate) const NO_EMAIL: &str = "not an e-mail address";

/// Says what is wrong with a value to the person who typed it.
///
/// The server and the schemas of clients say the same: `bindings/client/src/schema/rules.ts` has these texts too, and
/// the tests of `tests/it/emitted` compare them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Messages;

impl I18n for Messages {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        if min > 1 { format!("too short: at least {min}").into() } else { "must not be empty".into() }
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("too long: at most {max}").into()
    }

    fn range_lower_than(&self, min: &dyn Display) -> Cow<'static, str> {
        format!("too small: at least {min}").into()
    }

    fn range_greater_than(&self, max: &dyn Display) -> Cow<'static, str> {
        format!("too large: at most {max}").into()
    }

    fn credit_card_invalid(&self, _reason: InvalidCreditCard) -> Cow<'static, str> {
        "not the number of a credit card".into()
    }

    fn pattern_no_match(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must match the pattern {pattern}").into()
    }

    fn contains_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must contain \"{pattern}\"").into()
    }

    fn url_invalid(&self, _reason: InvalidUrl) -> Cow<'static, str> {
        // Parsers differ in their reasons, and clients have another one.
        "not a URL".into()
    }

    fn prefix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must begin with \"{pattern}\"").into()
    }

    fn suffix_missing(&self, pattern: &dyn Display) -> Cow<'static, str> {
        format!("must end with \"{pattern}\"").into()
    }

    fn phone_number_invalid(&self, _reason: InvalidPhoneNumber) -> Cow<'static, str> {
        "not a phone number".into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Cow<'static, str> {
        format!("not an {kind} address").into()
    }

    fn matches_field_mismatch(&self, field: &dyn Display) -> Cow<'static, str> {
        format!("must be the same as {field}").into()
    }

    fn email_invalid(&self, reason: InvalidEmail) -> Cow<'static, str> {
        match reason {
            InvalidEmail::Empty => "must not be empty",
            InvalidEmail::MissingAt => "not an e-mail address: it has no @",
            InvalidEmail::UserLengthExceeded | InvalidEmail::InvalidUser => "not an e-mail address: look before the @",
            InvalidEmail::DomainLengthExceeded | InvalidEmail::InvalidDomain => {
                "not an e-mail address: look after the @"
            }
            _ => NO_EMAIL,
        }
        .into()
    }

    fn ascii_invalid(&self) -> Cow<'static, str> {
        "must have ASCII characters only".into()
    }

    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "must have letters and digits only".into()
    }

    fn required_not_set(&self) -> Cow<'static, str> {
        "required".into()
    }
}
