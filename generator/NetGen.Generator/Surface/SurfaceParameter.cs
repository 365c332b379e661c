namespace NetGen.Generator.Surface;

/// <summary>A parameter of a generated method.</summary>
/// <param name="Type">As generated code writes it, from <c>global::</c> on.</param>
/// <param name="Default">An expression; null where the argument must be given.</param>
internal sealed record SurfaceParameter(string Type, string Name, string? Default = null)
{
    /// <summary>The type as the compiler names it, e.g. <c>NetGen.SessionOptions</c>: without annotation of null.</summary>
    public string PlainType => Type.Replace("global::", "").TrimEnd('?');

    public override string ToString() => Default is null ? $"{Type} {Name}" : $"{Type} {Name} = {Default}";
}
