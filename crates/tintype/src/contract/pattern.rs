//! Regular expressions of the crate `regex` as JavaScript has them with the flag `u`.
//!
//! The same text often means something else in the other language: `\d` is every Unicode digit in Rust and ten of them
//! in JavaScript. So an expression is parsed and written anew, or given up if JavaScript has no word for a part of it.

use std::fmt::Write;

use regex_syntax::ast::{
    Assertion, AssertionKind, Ast, ClassAscii, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet,
    ClassSetItem, ClassUnicode, ClassUnicodeKind, FlagsItemKind, GroupKind, Literal, RepetitionKind, RepetitionRange,
    parse::Parser,
};

/// The expression in JavaScript; `None` if it has none, so that only the server can check it.
pub(super) fn to_javascript(pattern: &str) -> Option<String> {
    let ast = Parser::new().parse(pattern).ok()?;
    let mut script = String::new();
    write(&ast, &mut script)?;
    Some(script)
}

fn write(ast: &Ast, script: &mut String) -> Option<()> {
    match ast {
        Ast::Empty(_) => {}
        // Flags change what follows; JavaScript has them for whole expressions only.
        Ast::Flags(_) => return None,
        Ast::Literal(literal) => write_literal(literal, script),
        // Rust's dot leaves out one line end, JavaScript's four.
        Ast::Dot(_) => script.push_str(r"[^\n]"),
        Ast::Assertion(assertion) => script.push_str(assertion_text(assertion)?),
        Ast::ClassUnicode(class) => script.push_str(&unicode_class(class, false)?),
        Ast::ClassPerl(class) => write!(script, "[{}]", perl_class(class)).ok()?,
        Ast::ClassBracketed(class) => write_bracketed(class, script)?,
        Ast::Repetition(repetition) => {
            // JavaScript repeats no assertion, and nothing twice.
            match &*repetition.ast {
                Ast::Assertion(_) | Ast::Repetition(_) | Ast::Empty(_) => {
                    script.push_str("(?:");
                    write(&repetition.ast, script)?;
                    script.push(')');
                }
                single => write(single, script)?,
            }
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
        }
        Ast::Group(group) => {
            if let GroupKind::NonCapturing(flags) = &group.kind
                && flags.items.iter().any(|item| !matches!(item.kind, FlagsItemKind::Negation))
            {
                return None;
            }
            // Nobody reads what a group captured.
            script.push_str("(?:");
            write(&group.ast, script)?;
            script.push(')');
        }
        Ast::Alternation(alternation) => {
            for (index, branch) in alternation.asts.iter().enumerate() {
                if index > 0 {
                    script.push('|');
                }
                write(branch, script)?;
            }
        }
        Ast::Concat(concat) => {
            for part in &concat.asts {
                write(part, script)?;
            }
        }
    }
    Some(())
}

fn assertion_text(assertion: &Assertion) -> Option<&'static str> {
    match assertion.kind {
        // Without the flag `m`, which would have been given up.
        AssertionKind::StartLine | AssertionKind::StartText => Some("^"),
        AssertionKind::EndLine | AssertionKind::EndText => Some("$"),
        // Unicode's words are not JavaScript's.
        _ => None,
    }
}

fn write_literal(literal: &Literal, script: &mut String) {
    // What has a meaning in either place; inside of a class an escape too many does no harm.
    if r"\^$.*+?()[]{}|/-".contains(literal.c) {
        // Outside of classes, the flag `u` forbids to escape it.
        if literal.c == '-' {
            script.push_str(r"\x2d");
            return;
        }
        script.push('\\');
        script.push(literal.c);
    } else if literal.c.is_control() || literal.c.is_whitespace() && literal.c != ' ' {
        let _ = write!(script, "\\u{{{:x}}}", u32::from(literal.c));
    } else {
        script.push(literal.c);
    }
}

/// The members of a class, for brackets.
fn perl_class(class: &ClassPerl) -> &'static str {
    match (&class.kind, class.negated) {
        (ClassPerlKind::Digit, false) => r"\p{Nd}",
        (ClassPerlKind::Digit, true) => r"\P{Nd}",
        (ClassPerlKind::Space, false) => r"\p{White_Space}",
        (ClassPerlKind::Space, true) => r"\P{White_Space}",
        (ClassPerlKind::Word, false) => WORD,
        (ClassPerlKind::Word, true) => r"^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}",
    }
}

const WORD: &str = r"\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}";

fn unicode_class(class: &ClassUnicode, negate: bool) -> Option<String> {
    let letter = if class.is_negated() == negate { 'p' } else { 'P' };
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

fn write_bracketed(class: &ClassBracketed, script: &mut String) -> Option<()> {
    let ClassSet::Item(item) = &class.kind else { return None };
    script.push_str(if class.negated { "[^" } else { "[" });
    write_item(item, script)?;
    script.push(']');
    Some(())
}

fn write_item(item: &ClassSetItem, script: &mut String) -> Option<()> {
    match item {
        ClassSetItem::Empty(_) => {}
        ClassSetItem::Literal(literal) => write_literal(literal, script),
        ClassSetItem::Range(range) => {
            write_literal(&range.start, script);
            script.push('-');
            write_literal(&range.end, script);
        }
        ClassSetItem::Ascii(class) => script.push_str(ascii_class(class)?),
        ClassSetItem::Unicode(class) => script.push_str(&unicode_class(class, false)?),
        ClassSetItem::Perl(ClassPerl { kind: ClassPerlKind::Word, negated: true, .. }) => return None,
        ClassSetItem::Perl(class) => script.push_str(perl_class(class)),
        // A class in a class: JavaScript has one without the other's negation only.
        ClassSetItem::Bracketed(class) => match &class.kind {
            ClassSet::Item(item) if !class.negated => write_item(item, script)?,
            _ => return None,
        },
        ClassSetItem::Union(union) => {
            for item in &union.items {
                write_item(item, script)?;
            }
        }
    }
    Some(())
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
    }

    #[test]
    fn what_javascript_cannot_say_is_left_to_the_server() {
        for pattern in ["(?i)a", "(?i:a)", r"\bword\b", "[a-z&&[^aeiou]]", "[[^a]b]", "[[:^digit:]]", "(", r"[\W]"] {
            assert_eq!(to_javascript(pattern), None, "{pattern}");
        }
    }
}
