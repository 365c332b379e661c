namespace NetGen.Conformance.Tests.Model;

/// <summary>An operation whose first input is the numbers of rows of a table.</summary>
internal interface ILookup
{
    /// <summary>Rows of the table.</summary>
    int NumEmbeddings { get; }
}
