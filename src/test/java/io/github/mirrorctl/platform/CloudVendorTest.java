package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudVendorTest {
    private static Host machine(String osName, String table, String content) throws IOException {
        Path top = Jimfs.newFileSystem(Configuration.unix())
                .getRootDirectories()
                .iterator()
                .next();
        Path folder = Files.createDirectories(top.resolve("sys/class/dmi/id"));
        Files.writeString(folder.resolve(table), content + "\n");
        return Host.of(top, Map.of(), osName, "/root", "root", "amd64");
    }

    @ParameterizedTest
    @CsvSource({
        "sys_vendor, Alibaba Cloud, ALIBABA",
        "product_name, Alibaba Cloud ECS, ALIBABA",
        "sys_vendor, Tencent Cloud, TENCENT",
        "chassis_asset_tag, HUAWEICLOUD, HUAWEI"
    })
    void knows_a_cloud_by_what_the_firmware_says(String table, String content, CloudVendor vendor) throws IOException {
        assertThat(CloudVendor.of(machine("Linux", table, content))).contains(vendor);
    }

    @ParameterizedTest
    @CsvSource({
        "sys_vendor, QEMU",
        "sys_vendor, HUAWEI",
        "sys_vendor, OpenStack Foundation",
        "product_name, Standard PC (i440FX + PIIX 1996)",
        "product_name, Not Alibaba Cloud",
        "chassis_asset_tag, ''"
    })
    void takes_any_other_machine_for_nobodys(String table, String content) throws IOException {
        assertThat(CloudVendor.of(machine("Linux", table, content))).isEmpty();
    }

    @Test
    void reads_no_such_tables_elsewhere_than_on_linux() throws IOException {
        assertThat(CloudVendor.of(machine("Mac OS X", "sys_vendor", "Tencent Cloud")))
                .isEqualTo(Optional.empty());
    }
}
