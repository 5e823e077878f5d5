//! Languages whose code is coloured: how their comments and strings look, and their words. Small tables instead of
//! whole grammars: enough to read a snippet by, linear in its length, and nothing to load.

/// How a language is read.
#[derive(Debug)]
pub(super) struct Language {
    /// The class on the code: `language-…`.
    pub(super) class: &'static str,
    /// What people write behind the fence, in small letters.
    pub(super) names: &'static [&'static str],
    /// What a comment to the end of its line starts with.
    pub(super) line: &'static [&'static str],
    /// What comments over several lines stand between.
    pub(super) block: Option<(&'static str, &'static str)>,
    /// What strings stand between.
    pub(super) quotes: &'static str,
    /// Words of the language, a blank between two.
    pub(super) keywords: &'static str,
    /// Whether its words may be in capitals.
    pub(super) is_caseless: bool,
}

const C_BLOCK: Option<(&str, &str)> = Some(("/*", "*/"));

macro_rules! languages {
    ($($class:literal $names:expr, $line:expr, $block:expr, $quotes:literal, $caseless:literal, $words:literal;)*) => {
        pub(super) const LANGUAGES: &[Language] = &[$(Language {
            class: concat!("language-", $class),
            names: &$names,
            line: &$line,
            block: $block,
            quotes: $quotes,
            keywords: $words,
            is_caseless: $caseless,
        },)*];
    };
}

languages! {
    "rust" ["rust", "rs"], ["//"], C_BLOCK, "\"", false,
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
         move mut pub ref return self Self static struct super trait true type unsafe use where while None Some Ok Err";
    "javascript" ["javascript", "js", "jsx", "mjs", "typescript", "ts", "tsx", "svelte", "vue"], ["//"], C_BLOCK, "\"'`", false,
        "abstract any as async await boolean break case catch class const continue debugger declare default delete do \
         else enum export extends false finally for from function get if implements import in instanceof interface let \
         namespace new null number of private protected public readonly return set static string super switch this \
         throw true try type typeof undefined unknown var void while yield";
    "python" ["python", "py", "python3"], ["#"], None, "\"'", false,
        "and as assert async await break case class continue def del elif else except False finally for from global if \
         import in is lambda match None nonlocal not or pass raise return self True try while with yield";
    "go" ["go", "golang"], ["//"], C_BLOCK, "\"'`", false,
        "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go \
         goto if import int int64 interface iota len make map nil package range return rune select string struct switch \
         true type uint var";
    "java" ["java", "kotlin", "kt", "scala", "groovy", "dart", "swift"], ["//"], C_BLOCK, "\"'", false,
        "abstract actual as assert boolean break byte case catch char class companion const continue data default defer \
         do double else enum extends extension false final finally float for fun func guard if implements import in \
         init inner instanceof int interface internal is let long mut nil new null object open override package private \
         protected protocol public record return sealed self short static struct super suspend switch this throw throws \
         trait true try typealias val var void when where while with yield";
    "c" ["c", "h", "cpp", "c++", "cc", "hpp", "cs", "csharp", "c#", "objc", "arduino"], ["//"], C_BLOCK, "\"'", false,
        "alignas alignof async auto await bool break case catch char class const constexpr continue default delete do \
         double else enum explicit extern false final float for foreach friend goto if in inline int interface internal \
         is long mutable namespace new noexcept null nullptr object operator out override private protected public ref \
         register return sealed short signed sizeof static string struct switch template this throw true try typedef \
         typename union unsigned using var virtual void volatile while #include #define #ifdef #ifndef #endif #if #else \
         #pragma";
    "php" ["php"], ["//", "#"], C_BLOCK, "\"'", false,
        "abstract and array as break case catch class clone const continue declare default do echo else elseif enum \
         extends false final finally fn for foreach function global if implements include instanceof interface match \
         namespace new null or private protected public readonly require return static switch this throw trait true try \
         use var while yield";
    "ruby" ["ruby", "rb", "elixir", "ex"], ["#"], None, "\"'`", false,
        "alias and begin break case class def defmodule do else elsif end ensure false fn for if in module next nil not \
         or raise redo require rescue retry return self super then true undef unless until when while yield";
    "lua" ["lua"], ["--"], Some(("--[[", "]]")), "\"'", false,
        "and break do else elseif end false for function goto if in local nil not or repeat return then true until while";
    "sql" ["sql", "postgres", "postgresql", "mysql", "sqlite"], ["--"], C_BLOCK, "'\"", true,
        "add all alter and as asc begin between by cascade case cast check column commit conflict constraint count create \
         cross default delete desc distinct do drop else end exists explain false foreign from full group having if in \
         index inner insert integer into is join key left like limit not null offset on or order outer primary references \
         returning right rollback select set table text then transaction true union unique update using values varchar \
         view when where with";
    "bash" ["bash", "sh", "shell", "zsh", "console", "fish"], ["#"], None, "\"'", false,
        "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in local \
         readonly return set shift source sudo then trap unset until while";
    "powershell" ["powershell", "ps1", "bat", "cmd"], ["#"], Some(("<#", "#>")), "\"'", true,
        "begin break catch class continue do else elseif end exit filter finally for foreach from function if in param \
         process return switch throw try until using while";
    "json" ["json", "json5", "jsonc"], ["//"], C_BLOCK, "\"", false, "true false null";
    "yaml" ["yaml", "yml", "toml", "ini", "conf", "properties", "dockerfile", "makefile", "nginx"], ["#"], None, "\"'", false,
        "true false null yes no on off FROM RUN COPY CMD ENTRYPOINT ENV EXPOSE WORKDIR ARG USER";
    "css" ["css", "scss", "less"], ["//"], C_BLOCK, "\"'", false,
        "@import @media @font-face @keyframes @layer @supports !important auto block flex grid inherit initial inline \
         none solid unset";
    "html" ["html", "xml", "svg"], [], Some(("<!--", "-->")), "\"'", true,
        "a body br button code div footer form h1 h2 h3 head header html img input label li link main meta nav ol option \
         p script section select span style svg table td th title tr ul";
}

/// The language of that name.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    LANGUAGES.iter().find(|language| language.names.contains(&name.as_str()))
}

/// The class of code whose lines were added or taken away.
pub(super) const DIFF: &str = "language-diff";

/// Every class that code may have.
pub(super) fn classes() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.class).chain([DIFF])
}
