package io.github.mirrorctl.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The cloud that a machine is rented from, where that cloud has a mirror for its own machines. Linux shows it in the
 * tables that the firmware makes (DMI); anybody may read these.
 *
 * <p>Alibaba's {@code product_name} is "Alibaba Cloud ECS" (canonical/cloud-init,
 * {@code cloudinit/sources/DataSourceAliYun.py} at 0167c1b) and its {@code sys_vendor} "Alibaba Cloud", as
 * {@code hostnamectl} prints it there. Huawei's {@code chassis_asset_tag} is "HUAWEICLOUD"
 * ({@code DataSourceOpenStack.py} in the same place); {@code sys_vendor} and {@code product_name} are OpenStack's.
 * Tencent's {@code sys_vendor} is "Tencent Cloud".
 */
public enum CloudVendor {
    ALIBABA("Alibaba Cloud", "Alibaba Cloud"),
    TENCENT("Tencent Cloud", "Tencent Cloud"),
    HUAWEI("Huawei Cloud", "HUAWEICLOUD");

    private static final List<String> TABLES = List.of("sys_vendor", "product_name", "chassis_asset_tag");

    private final String operator;
    private final String mark;

    CloudVendor(String operator, String mark) {
        this.operator = operator;
        this.mark = mark;
    }

    /** As the catalog names who runs a mirror. */
    public String operator() {
        return operator;
    }

    /** The one that a machine is rented from; empty everywhere else, and where the system does not tell. */
    public static Optional<CloudVendor> of(Host host) {
        if (host.os() != OperatingSystem.LINUX) {
            return Optional.empty();
        }
        List<String> words = TABLES.stream()
                .flatMap(table -> host.lines("/sys/class/dmi/id/" + table).stream())
                .map(String::strip)
                .toList();
        return Arrays.stream(values())
                .filter(vendor -> words.stream().anyMatch(word -> word.startsWith(vendor.mark)))
                .findFirst();
    }
}
