using NetGen.Generator.Ir;
using NetGen.Generator.Text;

namespace NetGen.Generator.Surface;

internal enum MemberKind
{
    Constant,
    Property,
    Method,
    Constructor,
}

/// <summary>A member of a generated type: what callers see, what it says of itself, and what it does.</summary>
/// <param name="Type">As generated code writes it; empty for a constructor.</param>
internal sealed record SurfaceMember(MemberKind Kind, string Type, string Name) : SurfaceItem(Name)
{
    /// <summary>For instance <c>public</c> or <c>protected override</c>.</summary>
    public string Access { get; init; } = "public";

    /// <summary><c>new </c> or <c>override </c> where a base class of the user's has the member too.</summary>
    public string Inherited { get; init; } = "";

    public bool IsStatic { get; init; }

    /// <summary>The interface that is implemented for those who know no more; empty where the member is for all.</summary>
    public string Interface { get; init; } = "";

    public IReadOnlyList<SurfaceParameter> Parameters { get; init; } = [];

    /// <summary>Types that the member of a base class may have which this one overrides, as the compiler names them.</summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The constructor that is called first, in code and in the stub; empty for none.</summary>
    public (Func<string>? Code, string Stub) Calls { get; init; } = (null, "");

    /// <summary>The value of a constant, in code and in the stub.</summary>
    public (Func<string>? Code, string Stub) Value { get; init; } = (null, "");

    /// <summary>Asked for in code only.</summary>
    public Func<Body>? Body { get; init; }

    public static SurfaceMember Constant(string type, string name) => new(MemberKind.Constant, type, name);

    public static SurfaceMember Property(string type, string name) => new(MemberKind.Property, type, name);

    public static SurfaceMember Method(string type, string name, params SurfaceParameter[] parameters)
        => new(MemberKind.Method, type, name) { Parameters = parameters };

    public static SurfaceMember Constructor(string name, params SurfaceParameter[] parameters)
        => new(MemberKind.Constructor, "", name) { Parameters = parameters };

    /// <summary>A method by which a core of the runtime comes back.</summary>
    public static SurfaceMember Override(string name, Func<Body> body, params SurfaceParameter[] parameters)
        => Method("void", name, parameters).Does(body) with { Access = "protected override" };

    /// <summary>A property that the constructor sets.</summary>
    public static SurfaceMember Auto(string type, string name) => Property(type, name).Does(() => Surface.Body.Auto);

    /// <summary>A property of an interface, for those who know no more.</summary>
    public static SurfaceMember Explicit(string type, string of, string name, string expression)
        => Property(type, name) with { Interface = of, Body = () => Surface.Body.Of(expression) };

    /// <summary>The member with its XML documentation.</summary>
    public SurfaceMember Says(params string[] documentation) => this with { Documentation = documentation };

    /// <summary>The member with what it does.</summary>
    public SurfaceMember Does(Func<Body> body) => this with { Body = body };

    public override void WriteCode(SourceWriter writer)
    {
        WriteDocumentation(writer);
        if (Kind == MemberKind.Constant)
        {
            WriteConstant(writer, Value.Code!().Split('\n'));
            return;
        }
        string call = Calls.Code?.Invoke() ?? "";
        (Body ?? throw new InvalidOperationException($"'{Name}' has no body.")).Invoke().Write(writer, Declaration + call);
    }

    public override void WriteStub(SourceWriter writer, Stub stub) => writer.Line(Kind switch
    {
        MemberKind.Constant => $"{Declaration} = {Value.Stub};",
        MemberKind.Property => $"{Declaration} => {stub.Throw};",
        MemberKind.Constructor => $"{Declaration}{(Calls.Stub.Length > 0 ? Calls.Stub : stub.BaseCall)} {{ {stub.Throw}; }}",
        _ => $"{Declaration} {{ {stub.Throw}; }}",
    });

    private void WriteConstant(SourceWriter writer, string[] lines)
    {
        if (lines.Length == 1)
        {
            writer.Line($"{Declaration} = {lines[0]};");
            return;
        }
        writer.Line(Declaration + " =");
        using (writer.Indent())
            writer.Line(string.Join("\n", lines) + ";");
    }

    /// <summary>All in front of value, call or body.</summary>
    private string Declaration
    {
        get
        {
            string modifier = Kind == MemberKind.Constant ? "const " : IsStatic ? "static " : "";
            string access = Interface.Length > 0 ? "" : $"{Access} {Inherited}{modifier}";
            string type = Type.Length > 0 ? Type + " " : "", of = Interface.Length > 0 ? Interface + "." : "";
            string parameters = Kind is MemberKind.Method or MemberKind.Constructor ? $"({string.Join(", ", Parameters)})" : "";
            return access + type + of + Name + parameters;
        }
    }
}
