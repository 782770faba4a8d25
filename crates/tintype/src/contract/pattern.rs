//! Regular expressions of the crate `regex` as JavaScript has them with the flag `u`.
//!
//! The same text often means something else in the other language: `\d` is every Unicode digit in Rust and ten of them
//! in JavaScript. So an expression is parsed and written anew, or given up if JavaScript has no word for a part of it.

use std::fmt::Write;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassAscii, ClassAsciiKind, ClassBracketed, ClassPerlKind, ClassSet, ClassSetItem,
    ClassUnicode, ClassUnicodeKind, Flag, Flags, FlagsItemKind, GroupKind, Literal, Repetition, RepetitionKind,
    RepetitionRange, parse::Parser,
};

/// The expression in JavaScript; `None` if it has none, so that only the server can check it.
pub(super) fn to_javascript(pattern: &str) -> Option<String> {
    let ast = Parser::new().parse(pattern).ok()?;
    let mut writer = Writer { script: String::new(), is_unicode: true };
    writer.write(&ast)?;
    Some(writer.script)
}

struct Writer {
    script: String,
    /// Whether `\d` and its like are those of Unicode; `(?-u)` makes them those of ASCII.
    is_unicode: bool,
}

impl Writer {
    fn write(&mut self, ast: &Ast) -> Option<()> {
        match ast {
            Ast::Empty(_) => {}
            Ast::Flags(set) => self.is_unicode = unicode_flag(&set.flags, self.is_unicode)?,
            Ast::Literal(literal) => write_literal(literal, &mut self.script),
            // Rust's dot leaves out one line end, JavaScript's four.
            Ast::Dot(_) => self.script.push_str(r"[^\n]"),
            Ast::Assertion(assertion) => self.script.push_str(self.assertion(assertion)?),
            Ast::ClassUnicode(class) => self.script.push_str(&unicode_class(class)?),
            Ast::ClassPerl(class) => {
                let negation = if class.negated { "^" } else { "" };
                write!(self.script, "[{negation}{}]", self.perl_class(&class.kind)).ok()?;
            }
            Ast::ClassBracketed(class) => self.write_bracketed(class)?,
            Ast::Repetition(repetition) => self.write_repetition(repetition)?,
            Ast::Group(group) => {
                let around = self.is_unicode;
                if let GroupKind::NonCapturing(flags) = &group.kind {
                    self.is_unicode = unicode_flag(flags, around)?;
                }
                // Nobody reads what a group captured.
                self.script.push_str("(?:");
                self.write(&group.ast)?;
                self.script.push(')');
                self.is_unicode = around;
            }
            Ast::Alternation(alternation) => {
                for (index, branch) in alternation.asts.iter().enumerate() {
                    if index > 0 {
                        self.script.push('|');
                    }
                    self.write(branch)?;
                }
            }
            Ast::Concat(concat) => concat.asts.iter().try_for_each(|part| self.write(part))?,
        }
        Some(())
    }

    fn write_repetition(&mut self, repetition: &Repetition) -> Option<()> {
        // JavaScript repeats no assertion, and nothing twice.
        match &*repetition.ast {
            several @ (Ast::Assertion(_) | Ast::Repetition(_) | Ast::Empty(_)) => {
                self.script.push_str("(?:");
                self.write(several)?;
                self.script.push(')');
            }
            single => self.write(single)?,
        }
        let script = &mut self.script;
        match &repetition.op.kind {
            RepetitionKind::ZeroOrOne => script.push('?'),
            RepetitionKind::ZeroOrMore => script.push('*'),
            RepetitionKind::OneOrMore => script.push('+'),
            RepetitionKind::Range(RepetitionRange::Exactly(count)) => write!(script, "{{{count}}}").ok()?,
            RepetitionKind::Range(RepetitionRange::AtLeast(least)) => write!(script, "{{{least},}}").ok()?,
            RepetitionKind::Range(RepetitionRange::Bounded(least, most)) => {
                write!(script, "{{{least},{most}}}").ok()?;
            }
        }
        if !repetition.greedy {
            script.push('?');
        }
        Some(())
    }

    fn assertion(&self, assertion: &Assertion) -> Option<&'static str> {
        match assertion.kind {
            // Without the flag `m`, which would have been given up.
            AssertionKind::StartLine | AssertionKind::StartText => Some("^"),
            AssertionKind::EndLine | AssertionKind::EndText => Some("$"),
            // JavaScript's words are those of ASCII.
            AssertionKind::WordBoundary if !self.is_unicode => Some(r"\b"),
            AssertionKind::NotWordBoundary if !self.is_unicode => Some(r"\B"),
            _ => None,
        }
    }

    /// The members of a class, for brackets.
    fn perl_class(&self, kind: &ClassPerlKind) -> &'static str {
        match (kind, self.is_unicode) {
            (ClassPerlKind::Digit, true) => r"\p{Nd}",
            (ClassPerlKind::Space, true) => r"\p{White_Space}",
            (ClassPerlKind::Word, true) => r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}",
            (ClassPerlKind::Digit, false) => "0-9",
            (ClassPerlKind::Space, false) => r"\t\n\x0b\x0c\r ",
            (ClassPerlKind::Word, false) => "0-9A-Za-z_",
        }
    }

    fn write_bracketed(&mut self, class: &ClassBracketed) -> Option<()> {
        let ClassSet::Item(item) = &class.kind else { return None };
        self.script.push_str(if class.negated { "[^" } else { "[" });
        self.write_item(item)?;
        self.script.push(']');
        Some(())
    }

    fn write_item(&mut self, item: &ClassSetItem) -> Option<()> {
        match item {
            ClassSetItem::Empty(_) => {}
            ClassSetItem::Literal(literal) => write_literal(literal, &mut self.script),
            ClassSetItem::Range(range) => {
                write_literal(&range.start, &mut self.script);
                self.script.push('-');
                write_literal(&range.end, &mut self.script);
            }
            ClassSetItem::Ascii(class) => self.script.push_str(ascii_class(class)?),
            ClassSetItem::Unicode(class) => self.script.push_str(&unicode_class(class)?),
            ClassSetItem::Perl(class) => match (&class.kind, class.negated, self.is_unicode) {
                (kind, false, _) => self.script.push_str(self.perl_class(kind)),
                (ClassPerlKind::Digit, true, true) => self.script.push_str(r"\P{Nd}"),
                (ClassPerlKind::Space, true, true) => self.script.push_str(r"\P{White_Space}"),
                _ => return None,
            },
            // A class in a class: JavaScript has one without the other's negation only.
            ClassSetItem::Bracketed(class) => match &class.kind {
                ClassSet::Item(item) if !class.negated => self.write_item(item)?,
                _ => return None,
            },
            ClassSetItem::Union(union) => union.items.iter().try_for_each(|item| self.write_item(item))?,
        }
        Some(())
    }
}

/// What flags make of the flag `u`; `None` for other flags, which JavaScript has for whole expressions only.
fn unicode_flag(flags: &Flags, before: bool) -> Option<bool> {
    let mut is_unicode = before;
    let mut is_negated = false;
    for item in &flags.items {
        match item.kind {
            FlagsItemKind::Negation => is_negated = true,
            FlagsItemKind::Flag(Flag::Unicode) => is_unicode = !is_negated,
            FlagsItemKind::Flag(_) => return None,
        }
    }
    Some(is_unicode)
}

fn write_literal(literal: &Literal, script: &mut String) {
    // What has a meaning in either place; inside of a class an escape too many does no harm.
    if r"\^$.*+?()[]{}|/".contains(literal.c) {
        script.push('\\');
        script.push(literal.c);
    } else if literal.c == '-' {
        // Outside of classes, the flag `u` forbids to escape it with a backslash.
        script.push_str(r"\x2d");
    } else if literal.c.is_control() || literal.c.is_whitespace() && literal.c != ' ' {
        script.push_str(&format!("\\u{{{:x}}}", u32::from(literal.c)));
    } else {
        script.push(literal.c);
    }
}

fn unicode_class(class: &ClassUnicode) -> Option<String> {
    let letter = if class.is_negated() { 'P' } else { 'p' };
    // Names as the standard spells them; JavaScript takes no others.
    let name = match &class.kind {
        ClassUnicodeKind::OneLetter(name) => name.to_string(),
        ClassUnicodeKind::Named(name) => match name.to_ascii_lowercase().as_str() {
            "letter" | "l" => "L".to_owned(),
            "alphabetic" | "alpha" => "Alphabetic".to_owned(),
            "uppercase" => "Uppercase".to_owned(),
            "lowercase" => "Lowercase".to_owned(),
            "white_space" | "whitespace" => "White_Space".to_owned(),
            "emoji" => "Emoji".to_owned(),
            name if is_category(name) => {
                let (first, rest) = name.split_at(1);
                format!("{}{rest}", first.to_ascii_uppercase())
            }
            // Scripts: Greek, Latin, Han and others, one word each.
            script if script.chars().all(|letter| letter.is_ascii_alphabetic()) && script.len() > 2 => {
                let (first, rest) = script.split_at(1);
                let name = format!("{}{rest}", first.to_ascii_uppercase());
                if !SCRIPTS.contains(&name.as_str()) {
                    return None;
                }
                format!("Script={name}")
            }
            _ => return None,
        },
        ClassUnicodeKind::NamedValue { .. } => return None,
    };
    Some(format!("\\{letter}{{{name}}}"))
}

/// Scripts whose names are the same in both languages.
const SCRIPTS: [&str; 16] = [
    "Arabic",
    "Armenian",
    "Bengali",
    "Cyrillic",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Greek",
    "Han",
    "Hangul",
    "Hebrew",
    "Hiragana",
    "Katakana",
    "Latin",
    "Tamil",
    "Thai",
];

fn is_category(name: &str) -> bool {
    const CATEGORIES: [&str; 36] = [
        "c", "cc", "cf", "cn", "co", "l", "ll", "lm", "lo", "lt", "lu", "m", "mc", "me", "mn", "n", "nd", "nl", "no",
        "p", "pc", "pd", "pe", "pf", "pi", "po", "ps", "s", "sc", "sk", "sm", "so", "z", "zl", "zp", "zs",
    ];
    CATEGORIES.contains(&name)
}

fn ascii_class(class: &ClassAscii) -> Option<&'static str> {
    if class.negated {
        return None;
    }
    Some(match class.kind {
        ClassAsciiKind::Alnum => "0-9A-Za-z",
        ClassAsciiKind::Alpha => "A-Za-z",
        ClassAsciiKind::Ascii => r"\x00-\x7f",
        ClassAsciiKind::Blank => r"\t ",
        ClassAsciiKind::Cntrl => r"\x00-\x1f\x7f",
        ClassAsciiKind::Digit => "0-9",
        ClassAsciiKind::Graph => "!-~",
        ClassAsciiKind::Lower => "a-z",
        ClassAsciiKind::Print => " -~",
        ClassAsciiKind::Punct => r"!-\/:-@\[-`\{-~",
        ClassAsciiKind::Space => r"\t\n\x0b\x0c\r ",
        ClassAsciiKind::Upper => "A-Z",
        ClassAsciiKind::Word => "0-9A-Za-z_",
        ClassAsciiKind::Xdigit => "0-9A-Fa-f",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_kept() {
        for pattern in ["^[a-z][a-z0-9_]*$", "^(?:a|b)+?$", "a{2}b{1,}c{1,3}", r"^\p{L}+$", "[^0-9]"] {
            assert_eq!(to_javascript(pattern).as_deref(), Some(pattern));
        }
    }

    #[test]
    fn what_means_something_else_is_written_anew() {
        let check = |pattern: &str, expected: &str| assert_eq!(to_javascript(pattern).as_deref(), Some(expected));
        check(r"\d+", r"[\p{Nd}]+");
        check(r"[\s\w]", r"[\p{White_Space}\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]");
        check(r"\W", r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]");
        check("a.b", r"a[^\n]b");
        check(r"\A(?P<name>x)\z", "^(?:x)$");
        check("[[:alpha:]_-]", r"[A-Za-z_\x2d]");
        check(r"[a\-z]/-", r"[a\x2dz]\/\x2d");
        check(r"\x41\t", r"A\u{9}");
        check(r"\p{Greek}", r"\p{Script=Greek}");
        check("(?:a*)*", "(?:a*)*");
        check(r"(?-u:\b\d)\d", r"(?:\b[0-9])[\p{Nd}]");
        check(r"(?-u)[\w-]\s", r"[0-9A-Za-z_\x2d][\t\n\x0b\x0c\r ]");
    }

    #[test]
    fn what_javascript_cannot_say_is_left_to_the_server() {
        for pattern in ["(?i)a", "(?i:a)", r"\bword\b", "[a-z&&[^aeiou]]", "[[^a]b]", "[[:^digit:]]", "(", r"[\W]"] {
            assert_eq!(to_javascript(pattern), None, "{pattern}");
        }
    }
}
