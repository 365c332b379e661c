using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What an <see cref="Ownership"/> guards.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IOwned
{
    /// <summary>Frees memory and threads. Called once, when the object is disposed of and no call is inside any more.</summary>
    void Free();
}
