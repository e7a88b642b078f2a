package outside;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Serves the newest export of a folder: {@code java -jar spring-boot-1.jar --exports=FOLDER}. */
@SpringBootApplication
@EnableScheduling
public class ScoringApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(ScoringApplication.class, arguments);
    }
}
