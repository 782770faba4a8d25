//! Lays a declaration out for reading.
//!
//! specta-typescript breaks lines around comments only and indents by tabs.

/// `declaration` with a union's members on lines of their own, two spaces per level, and no blanks at line ends.
pub(super) fn tidy(declaration: &str) -> String {
    let mut tidy = String::with_capacity(declaration.len());
    let mut in_union = false;
    // Braces that are open, within a union.
    let mut depth = 0_usize;
    let mut starts_member = false;
    for line in declaration.lines() {
        if !in_union {
            in_union = line.starts_with("export type ") && line.ends_with(" = ");
            starts_member = in_union;
            let text = line.trim_start_matches('\t');
            let indent = "  ".repeat(line.len() - text.len());
            // Members of an object end with a semicolon, like those of a union's objects.
            let text = match text.strip_suffix(',') {
                Some(member) if !is_comment(text) => format!("{member};"),
                _ => text.trim_end().to_owned(),
            };
            push_line(&mut tidy, &format!("{indent}{text}"));
            continue;
        }
        let text = line.trim();
        if is_comment(text) {
            let blank = if text.starts_with('*') { " " } else { "" };
            let indent = if depth == 0 { "  " } else { "      " };
            push_line(&mut tidy, &format!("{indent}{blank}{text}"));
            continue;
        }
        let indent = match (starts_member, depth) {
            (true, _) => "  | ",
            (false, 0) => "    ",
            (false, _) => "      ",
        };
        depth += text.matches(['{', '[', '(']).count();
        depth -= text.matches(['}', ']', ')']).count().min(depth);
        let member_ends = depth == 0 && text.ends_with(" |");
        push_line(&mut tidy, &format!("{indent}{}", text.strip_suffix(" |").filter(|_| member_ends).unwrap_or(text)));
        starts_member = member_ends;
    }
    tidy
}

fn is_comment(text: &str) -> bool {
    text.starts_with("/**") || text.starts_with("* ") || text == "*" || text == "*/"
}

fn push_line(text: &mut String, line: &str) {
    text.push_str(line.trim_end());
    text.push('\n');
}
