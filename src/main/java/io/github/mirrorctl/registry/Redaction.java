package io.github.mirrorctl.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes an address fit to be shown: no user, no password, no value in its query of which it is not known that it is
 * harmless, since a storage's signed address is as good as a key, and nothing that moves a terminal's cursor.
 */
final class Redaction {
    /** What registries and token services are told of a request anyway. */
    private static final Set<String> HARMLESS = Set.of("ns", "scope", "service");

    private static final String INSTEAD = "...";
    private static final int LONGEST = 300;
    private static final Pattern USER_INFO = Pattern.compile("(?<=//)[^/?#]*@");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Co}\\p{Cn}\\u2028\\u2029]");

    private Redaction() {}

    /** An address of whatever form, absolute or not, as it may be shown. */
    static String of(String url) {
        String bare = USER_INFO.matcher(url).replaceFirst(INSTEAD + "@");
        int query = bare.indexOf('?');
        return tidy(query < 0 ? bare : bare.substring(0, query + 1) + values(bare.substring(query + 1)));
    }

    private static String values(String query) {
        List<String> parameters = new ArrayList<>();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            boolean isShown = equals == parameter.length() - 1 || HARMLESS.contains(name);
            parameters.add(isShown ? parameter : equals < 0 ? INSTEAD : name + "=" + INSTEAD);
        }
        return String.join("&", parameters);
    }

    /** A server's words in one line, cut to a bound. */
    static String tidy(String text) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
}
