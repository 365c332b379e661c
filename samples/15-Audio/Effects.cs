namespace NetGen.Samples.Audio;

/// <summary>An effect with a memory of its own making: one sample of the signal in, one out.</summary>
[Network(RecurrentEffect.Window, 1), Stream, LSTM(16), Linear(1), MSELoss]
public sealed partial class RecurrentEffect
{
    /// <summary>Samples of a sequence that is learned from: 5.3 ms.</summary>
    internal const int Window = 256;
}

/// <summary>
/// An effect that remembers the last 128 samples, 2.7 ms: convolutions whose taps are twice as far apart from layer to layer. Each output
/// is computed from inputs up to its own.
/// </summary>
[Network(1, RecurrentEffect.Window), Stream]
[Conv1d(8, 2, Padding = "causal"), Tanh, Conv1d(8, 2, Padding = "causal", Dilation = 2), Tanh]
[Conv1d(8, 2, Padding = "causal", Dilation = 4), Tanh, Conv1d(8, 2, Padding = "causal", Dilation = 8), Tanh]
[Conv1d(8, 2, Padding = "causal", Dilation = 16), Tanh, Conv1d(8, 2, Padding = "causal", Dilation = 32), Tanh]
[Conv1d(8, 2, Padding = "causal", Dilation = 64), Tanh, Conv1d(1, 1), MSELoss]
public sealed partial class ConvolutionalEffect;
