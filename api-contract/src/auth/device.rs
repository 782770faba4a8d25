//! What a browser says it is, for people who look which sessions are theirs.

use super::Device;

/// Names in the order in which they are looked for: most browsers also claim to be those below them.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// The same for systems: a phone with Android also says that it runs Linux, and an iPhone that it is like a Mac.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Reads the header `User-Agent`.
pub(crate) fn read(user_agent: &str) -> Device {
    let find = |names: &[(&str, &str)]| {
        let found = names.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| (*name).to_owned())
    };
    Device { browser: find(&BROWSERS), system: find(&SYSTEMS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_from_those_it_claims_to_be() {
        let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (user_agent, browser, system) in [
            (format!("{windows} Chrome/140.0.0.0 Safari/537.36"), Some("Chrome"), Some("Windows")),
            (format!("{windows} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"), Some("Edge"), Some("Windows")),
            (format!("{iphone} Version/18.6 Mobile/15E148 Safari/604.1"), Some("Safari"), Some("iPhone")),
            (format!("{iphone} CriOS/140.0 Mobile/15E148 Safari/604.1"), Some("Chrome"), Some("iPhone")),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0".to_owned(),
                Some("Firefox"),
                Some("Android"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0".to_owned(),
                Some("Firefox"),
                Some("Linux"),
            ),
            ("curl/8.14.1".to_owned(), Some("curl"), None),
            (String::new(), None, None),
            ("\u{202e}<script>".to_owned(), None, None),
        ] {
            let device = read(&user_agent);

            assert_eq!((device.browser.as_deref(), device.system.as_deref()), (browser, system), "{user_agent}");
        }
    }
}
