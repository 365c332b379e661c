using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Computes what inference derives from a network's parameters: see <see cref="PreparedWeights"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe interface IPreparation
{
    /// <summary>Derives everything from the present parameters.</summary>
    /// <param name="prepared">Where it goes; nobody else reads or writes it meanwhile.</param>
    void Prepare(float* prepared);
}
