package io.github.mirrorctl.mirror;

import java.util.Locale;

/** A text of the catalog in both languages. */
public record Bilingual(String en, String zh) {

    /** The text for a reader of that language; English for all but Chinese. */
    public String in(Locale locale) {
        return locale.getLanguage().equals("zh") ? zh : en;
    }
}
