using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What generated code makes a network with whose parameters come from a file.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Undrawn
{
    /// <summary>Draws nothing: the parameters stay as they are, in a new network 0.</summary>
    public static Initialization Initialization => Initialization.None;
}
