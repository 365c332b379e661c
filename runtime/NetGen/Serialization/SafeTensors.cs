namespace NetGen;

/// <summary>Writes and reads parameters in the <c>safetensors</c> format.</summary>
public static class SafeTensors
{
    /// <summary>Writes parameters to a file.</summary>
    /// <param name="path">The file to write or replace.</param>
    /// <param name="parameters">The parameters, in file order.</param>
    public static void Save(string path, IReadOnlyList<Parameter> parameters) => throw new NotImplementedException();

    /// <summary>Reads parameters from a file that holds exactly these.</summary>
    /// <param name="path">The file to read.</param>
    /// <param name="parameters">The parameters to set.</param>
    public static void Load(string path, IReadOnlyList<Parameter> parameters) => throw new NotImplementedException();
}
