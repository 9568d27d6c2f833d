package io.github.mirrorctl.daemon;

import java.util.ArrayList;
import java.util.List;

/**
 * What a restart of the engine does to the containers that run. With {@code live-restore} they go on, but not those of
 * Swarm services, nor Windows containers (docs.docker.com/engine/daemon/live-restore).
 *
 * @param isKnown whether the engine told
 * @param stopping the names of those that stop
 * @param staying the names of those that go on
 */
public record RestartEffect(boolean isKnown, List<String> stopping, List<String> staying) {
    /** Where the engine did not tell. */
    public static final RestartEffect UNKNOWN = new RestartEffect(false, List.of(), List.of());

    private static final String SERVICE = "com.docker.swarm.service.name";

    public RestartEffect {
        stopping = List.copyOf(stopping);
        staying = List.copyOf(staying);
    }

    /**
     * Reads the engine's answers.
     *
     * @param info to {@code GET /info}
     * @param containers to {@code GET /containers/json}
     */
    public static RestartEffect of(String info, String containers) {
        JsonTree engine = JsonTree.whole(info).orElse(JsonTree.MISSING);
        JsonTree list = JsonTree.whole(containers).orElse(JsonTree.MISSING);
        if (!engine.isObject() || !list.isArray()) {
            return UNKNOWN;
        }
        boolean isLiveRestored = engine.get("LiveRestoreEnabled").isTrue(false)
                && !engine.get("OSType").text().equals("windows");
        List<String> stopping = new ArrayList<>();
        List<String> staying = new ArrayList<>();
        for (JsonTree container : list.elements()) {
            boolean stays = isLiveRestored && !container.get("Labels").has(SERVICE);
            (stays ? staying : stopping).add(name(container));
        }
        return new RestartEffect(true, stopping, staying);
    }

    /** Names begin with a slash; links add more of them with a slash inside. */
    private static String name(JsonTree container) {
        for (JsonTree name : container.get("Names").elements()) {
            String plain = PlainText.of(name.text()).replaceFirst("^/", "");
            if (!plain.isEmpty() && !plain.contains("/")) {
                return plain;
            }
        }
        String id = container.has("Id") ? PlainText.of(container.get("Id").text()) : "?";
        return id.substring(0, Math.min(id.length(), 12));
    }
}
