namespace NetGen;

/// <summary>
/// Gives a network a stream beside its session: <c>CreateStream()</c> keeps what the past of one sequence leaves behind (hidden states,
/// keys and values, the last inputs of causal convolutions) and takes the positions as they come, one or several at a time, to the numbers
/// of the whole sequence at once. Every layer must be causal, so that no position depends on a later one; NG1120 names the first that is
/// not.
/// </summary>
/// <remarks>
/// It is asked for because a stream has kernels of its own: a network that is only trained, or sees whole sequences, does without them.
/// Every input must be a sequence: (positions, features), (channels, positions) or ints, one for each position. An output that has
/// no positions, such as <c>Select(1, -1)</c> or the port <c>lstm1.h</c> gives, is at each step that of the sequence so far.
/// </remarks>
/// <example>
/// <code>
/// [Network(1, 4_800), Stream, Conv1d(16, 3, Dilation = 4, Padding = "causal"), Tanh, Conv1d(1, 1)]
/// public sealed partial class Effect;
///
/// using Effect.Stream stream = effect.CreateStream();
/// stream.Step(sample, result); // one sample of the signal, or several
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class StreamAttribute : Attribute;
