namespace NetGen;

/// <summary>Files of networks with options, for those that other programs write or read.</summary>
public static class NetworkFiles
{
    /// <summary>
    /// Reads all parameters from a <c>safetensors</c> file, or from several files with an index. On any error the network is unchanged.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file, or the index, <c>model.safetensors.index.json</c>, or the folder of either.</param>
    /// <param name="options">Names in the file, entries to ignore, and parameters to keep as they are.</param>
    /// <exception cref="ArgumentException">
    /// <see cref="LoadOptions.NameInFile"/> gives no name for a parameter, or the path is empty, or has a NUL or half of a surrogate pair.
    /// </exception>
    /// <exception cref="SafeTensorsException">A file is damaged or does not fit this network.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void LoadParameters(this INetwork network, string path, LoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafeTensors.Load(path, network.Parameters, options);
    }

    /// <summary>
    /// Writes all parameters to a <c>safetensors</c> file, which at any moment is the old one or the complete new one.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="options">The type of the elements, and the names in the file.</param>
    /// <exception cref="ArgumentException">
    /// A value is too large for the type, or the options give a name twice or none, or the path is empty, or has a NUL or half of a
    /// surrogate pair; what was there before is as it was.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is as it was.</exception>
    public static void Save(this INetwork network, string path, SaveOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        SafeTensors.Save(path, network.Parameters, options);
    }
}
