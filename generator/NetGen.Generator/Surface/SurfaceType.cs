using NetGen.Generator.Text;

namespace NetGen.Generator.Surface;

/// <summary>A generated type.</summary>
/// <param name="Declaration">All in front of the base types, without <c>unsafe</c>.</param>
internal sealed record SurfaceType(string Name, string Declaration) : SurfaceItem(Name)
{
    /// <summary>Bodies have pointers. A stub has none, since the project of a network in error may forbid them.</summary>
    public bool IsUnsafe { get; init; }

    public IReadOnlyList<string> Bases { get; init; } = [];

    public IReadOnlyList<SurfaceItem> Items { get; init; } = [];

    public override void WriteCode(SourceWriter writer)
    {
        WriteDocumentation(writer);
        using (writer.Block(Header(IsUnsafe ? Declaration.Replace("class ", "unsafe class ") : Declaration, Bases)))
        {
            for (int i = 0; i < Items.Count; i++)
            {
                if (i > 0)
                    writer.Line();
                Items[i].WriteCode(writer);
            }
        }
    }

    public override void WriteStub(SourceWriter writer, Stub stub) => WriteStub(writer, stub with { BaseCall = "" }, Bases, stub.Lacks);

    /// <summary>The network's own class: some of its members may be left out.</summary>
    public void WriteNetworkStub(SourceWriter writer, Stub stub)
        => WriteStub(writer, stub, stub.ImplementsInterface ? Bases : [], stub.Omits);

    private void WriteStub(SourceWriter writer, Stub stub, IEnumerable<string> bases, Func<SurfaceItem, bool> omits)
    {
        using (writer.Block(Header(Declaration, bases)))
        {
            foreach (SurfaceItem item in Items.Where(item => !omits(item)))
                item.WriteStub(writer, stub);
        }
    }

    private static string Header(string declaration, IEnumerable<string> bases)
    {
        string list = string.Join(", ", bases);
        return list.Length > 0 ? $"{declaration} : {list}" : declaration;
    }
}
