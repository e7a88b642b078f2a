package org.likelihood4j.config;

import org.likelihood4j.config.rules.Check;

/**
 * The couplings at one scale of a multi-scale flow: those of channels, then, behind the channels that become latents, those of the
 * checkerboard.
 *
 * @param channel the number of couplings that split the channels; 0 to 100, default 0
 * @param checkerboard the number of couplings that split the pixels by the parity of row + column; 0 to 100, default 0
 * @param channels of the couplings' networks; default the conditioner's at the first scale, then twice those of the scale before
 */
public record ScaleConfig(Integer channel, Integer checkerboard, Integer channels) {
    private static final int MAX_COUPLINGS = 100;

    /** Fills in the defaults and checks them; {@code channels} is {@code null} until the flow puts its default there. */
    public ScaleConfig {
        channel = Check.within(0, MAX_COUPLINGS, "channel", channel, 0);
        checkerboard = Check.within(0, MAX_COUPLINGS, "checkerboard", checkerboard, 0);
        channels = ConditionerConfig.optionalChannels(channels);
    }

    int couplings() {
        return channel + checkerboard;
    }

    ScaleConfig withChannels(int other) {
        return new ScaleConfig(channel, checkerboard, other);
    }
}
