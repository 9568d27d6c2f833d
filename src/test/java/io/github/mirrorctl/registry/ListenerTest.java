package io.github.mirrorctl.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class ListenerTest {
    /** One in a hundred was let in once. */
    private static final int TIMES = 1000;

    @Test
    void nobody_is_let_in_once_it_refuses() throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        for (int i = 0; i < TIMES; i++) {
            try (Listener listener = Listener.on(anyPort, "test", client -> {})) {
                connect(listener);
                assertThat(listener.accepted(1)).isEqualTo(1);

                listener.refuse();

                assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class);
            }
        }
    }

    private static void connect(Listener listener) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(listener.address(), 1000);
        }
    }
}
