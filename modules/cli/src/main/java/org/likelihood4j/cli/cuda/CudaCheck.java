package org.likelihood4j.cli.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.likelihood4j.cli.terminal.UserError;

/**
 * Whether the graphics cards here can run ND4J's CUDA build, asked before ND4J touches one.
 *
 * <p>Its native library holds machine code for compute capabilities 3.7, 5.x, 6.x, 7.x, 8.0 and 8.6, which each run on later ones
 * of the same major version, and no intermediate code that a driver could compile for others. A card beyond would be selected, and
 * then fail at the first operation, in words that nobody understands.
 */
public final class CudaCheck {
    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 7;
    private static final int NEWEST_MAJOR = 8;

    private static final String RANGE = "ND4J's CUDA build runs on 3.7 to 8.9";

    private CudaCheck() {}

    /** Who describes the cards. */
    interface Cards {
        /**
         * One line a card: index, UUID, name, compute capability.
         *
         * @throws UserError if there is nobody to ask
         */
        String describe();
    }

    /** Whether this program was built for CUDA; asks without loading anything of it. */
    public static boolean isCudaBuild() {
        return CudaCheck.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }

    /**
     * Checks every card that the process may use.
     *
     * @param environment of the process: {@code CUDA_VISIBLE_DEVICES} says which those are
     * @throws UserError if there is none, or one cannot run it
     */
    public static void require(Cards cards, Map<String, String> environment) {
        List<Gpu> all = Gpu.parse(cards.describe());
        if (all.isEmpty()) {
            throw new UserError("device cuda: no NVIDIA GPU here; use device: cpu");
        }
        String visible = environment.get("CUDA_VISIBLE_DEVICES");
        List<Gpu> usable = visible == null ? all : visible(all, visible);
        if (usable.isEmpty()) {
            throw new UserError("device cuda: CUDA_VISIBLE_DEVICES=" + visible + " hides every GPU; there is "
                    + all.get(0) + (all.size() == 1 ? "" : " and " + (all.size() - 1) + " more"));
        }
        List<Gpu> able = usable.stream().filter(CudaCheck::runs).toList();
        if (able.size() == usable.size()) {
            return;
        }
        Gpu other = usable.stream().filter(gpu -> !runs(gpu)).findFirst().orElseThrow();
        throw new UserError("device cuda: " + other + " cannot be used: " + RANGE + "; "
                + (able.isEmpty()
                        ? "use device: cpu"
                        : "set CUDA_VISIBLE_DEVICES=" + able.get(0).uuid() + " to use only GPU "
                                + able.get(0).index()));
    }

    private static boolean runs(Gpu gpu) {
        boolean tooOld = gpu.major() < OLDEST_MAJOR || (gpu.major() == OLDEST_MAJOR && gpu.minor() < OLDEST_MINOR);
        return !tooOld && gpu.major() <= NEWEST_MAJOR;
    }

    /** As the driver reads the list: indices or beginnings of UUIDs, up to the first that is neither. */
    private static List<Gpu> visible(List<Gpu> all, String list) {
        List<Gpu> visible = new ArrayList<>();
        for (String entry : list.split(",", -1)) {
            String wanted = entry.strip();
            List<Gpu> named = all.stream()
                    .filter(gpu -> wanted.equals(String.valueOf(gpu.index()))
                            || (wanted.startsWith("GPU-") && gpu.uuid().startsWith(wanted)))
                    .toList();
            if (named.size() != 1) {
                break;
            }
            visible.add(named.get(0));
        }
        return visible;
    }
}
