class Mirrorctl < Formula
  desc "Makes docker pull work where Docker Hub is slow or blocked"
  homepage "https://github.com/mirrorctl/mirrorctl"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "https://github.com/mirrorctl/mirrorctl/releases/download/v@VERSION@/mirrorctl-@VERSION@-macos-arm64.tar.gz"
      sha256 "@SHA256 mirrorctl-@VERSION@-macos-arm64.tar.gz@"
    end
    on_intel do
      url "https://github.com/mirrorctl/mirrorctl/releases/download/v@VERSION@/mirrorctl-@VERSION@-macos-x64.tar.gz"
      sha256 "@SHA256 mirrorctl-@VERSION@-macos-x64.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/mirrorctl/mirrorctl/releases/download/v@VERSION@/mirrorctl-@VERSION@-linux-arm64.tar.gz"
      sha256 "@SHA256 mirrorctl-@VERSION@-linux-arm64.tar.gz@"
    end
    on_intel do
      url "https://github.com/mirrorctl/mirrorctl/releases/download/v@VERSION@/mirrorctl-@VERSION@-linux-x64.tar.gz"
      sha256 "@SHA256 mirrorctl-@VERSION@-linux-x64.tar.gz@"
    end
  end

  # The libraries of the runtime have no room in their headers for longer names of theirs.
  preserve_rpath

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"bin/mirrorctl"
    man1.install_symlink Dir[libexec/"share/man/man1/*.1"]
    (man/"zh_CN/man1").install_symlink Dir[libexec/"share/man/zh_CN/man1/*.1"]
    generate_completions_from_executable(bin/"mirrorctl", "completion", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mirrorctl --version")
    assert_match "daocloud", shell_output("#{bin}/mirrorctl list -o plain")
  end
end
