package io.github.mirrorctl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTest {
    private static final Path FILE = Path.of("/data/etc docker/daemon.json");

    private static Mount mounted(String point, String options) {
        return Mount.parse("/dev/sda1 " + point + " ext4 " + options + " 0 0", FILE)
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "rw,relatime,quota,usrquota,grpquota true",
                "rw,relatime,attr2,inode64,prjquota true",
                "rw,usrjquota=aquota.user,jqfmt=vfsv1 true",
                "rw,relatime,attr2,inode64,noquota false",
                "rw,relatime false"
            })
    void tells_whether_it_has_quotas(String options, boolean hasQuotas) {
        assertThat(mounted("/data", options).hasQuotas()).isEqualTo(hasQuotas);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"ro,relatime true", "relatime,ro true", "rw,errors=remount-ro false", "rw,nosuid false"})
    void tells_whether_it_is_read_only(String options, boolean isReadOnly) {
        assertThat(mounted("/data", options).isReadOnly()).isEqualTo(isReadOnly);
    }

    @Test
    void has_a_point_with_its_blanks() {
        assertThat(mounted("/data/etc\\040docker", "rw").point()).isEqualTo(Path.of("/data/etc docker"));
    }

    @Test
    void is_none_where_the_path_lies_elsewhere() {
        assertThat(Mount.parse("/dev/sda1 /dat ext4 rw 0 0", FILE)).isEmpty();
        assertThat(Mount.parse("not a line", FILE)).isEmpty();
    }
}
