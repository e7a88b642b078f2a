package org.likelihood4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.likelihood4j.config.RunConfig.Device;

class DeviceQuestionTest {
    @TempDir
    private Path folder;

    /** As YAML and the command line are read, not as they look. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            device: cuda                  | train CONFIG                           | CUDA
            device: "cuda" # a card       | train CONFIG                           | CUDA
            device: cpu # not cuda        | train CONFIG                           | CPU
            "device" : cuda               | train CONFIG                           | CUDA
            `# device: cuda`              | train CONFIG                           | CPU
            device: cuda                  | train CONFIG --set device=cpu          | CPU
            device: cpu                   | train --set=device=cuda CONFIG         | CUDA
            device: cpu                   | train CONFIG --set device=cuda --set device=cpu | CPU
            device: cpu                   | -q train CONFIG --name cuda            | CPU
            device: cuda                  | resume FOLDER                          | CUDA
            device: cuda                  | resume FOLDER --set device=cpu         | CPU
            device: cuda                  | compare CONFIG --vary model.latent=1,2 | CUDA
            device: cuda                  | train CONFIG --no-such-option          | CPU
            device: cuda                  | train CONFIG --set training.epochs=x   | CPU
            device: tpu                   | train CONFIG --set model.latent=2      | CPU
            device: cuda                  | train cuda.yaml                        | CPU
            device: cuda                  | resume nowhere                         | CPU
            device: cuda                  | train                                  | CPU
            """)
    void isWhatTheConfigAndTheCommandLineSay(String key, String command, String device) throws IOException {
        Path config = Files.writeString(folder.resolve("config.yaml"), key + "\n" + Program.VAE);
        String line = command.strip().replace("CONFIG", config.toString()).replace("FOLDER", folder.toString());
        assertThat(DeviceQuestion.device(new Captured(false).console(), line.split(" ", -1)))
                .isEqualTo(Device.valueOf(device));
    }
}
