namespace NetGen;

/// <summary>What every generated network has: learnable parameters, which can be saved and loaded.</summary>
public interface INetwork : IParameterSet
{
    /// <summary>
    /// Writes all parameters to a <c>safetensors</c> file. The file is written beside <paramref name="path"/> and then renamed,
    /// so that a file of that name is either the old one or the complete new one.
    /// </summary>
    /// <param name="path">The file to write or replace.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    void Save(string path);

    /// <summary>
    /// Reads all parameters from a <c>safetensors</c> file, which must hold exactly this network's names, shapes and types.
    /// On any error the network is unchanged.
    /// </summary>
    /// <param name="path">The file to read.</param>
    /// <exception cref="SafeTensorsException">The file is damaged or does not fit this network.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    void LoadParameters(string path);
}
