using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>
/// What generated code makes a network with that is part of another: its parameters lie in that one's memory, and are drawn with it. It
/// goes by the constructor that every network has, which leaves all others to the user.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PartMemory
{
    /// <summary>For a network whose parameters are a stretch of a buffer.</summary>
    /// <param name="parameters">Those of the network around.</param>
    /// <param name="start">Floats in front of the part's.</param>
    /// <param name="length">Floats of the part's.</param>
    public static Initialization In(AlignedBuffer parameters, int start, int length)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new Initialization.NoInitialization(parameters.Slice(start, length));
    }

    /// <summary>The memory for the parameters of a network: what <see cref="In"/> says, or new.</summary>
    /// <param name="initialization">What the network is made with.</param>
    /// <param name="length">Floats of its parameters.</param>
    /// <exception cref="InvalidOperationException">The stretch has another length: the two networks were not generated alike.</exception>
    public static AlignedBuffer For(Initialization initialization, int length)
    {
        if (initialization is not Initialization.NoInitialization { Memory: { } memory })
            return new AlignedBuffer(length);
        return memory.Length == length ? memory : throw new InvalidOperationException(
            $"A part has {length} packed parameters by itself, but {memory.Length} in the network around it.");
    }
}
