namespace NetGen;

/// <summary>What has parameters: a network, or the object of a layer or block in it, such as <c>net.Conv1</c>.</summary>
public interface IParameterSet
{
    /// <summary>The learnable parameters, in the order in which their layers are declared; their names are those in files.</summary>
    IReadOnlyList<Parameter> Parameters { get; }
}
