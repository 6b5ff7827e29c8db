//! Has the program compiled anew when the card in it was built anew.

fn main() {
    // Without the feature nothing of the card is in the program.
    if std::env::var_os("CARGO_FEATURE_BUNDLED_CARD").is_some() {
        println!("cargo::rerun-if-changed=../dist");
    } else {
        println!("cargo::rerun-if-changed=build.rs");
    }
}
