namespace NetGen.Generator.Registration;

/// <summary>
/// Says in a class's own file that it is a kind of something, such as a layer: <see cref="Kinds"/> finds it by that, so that no list
/// names all.
/// </summary>
/// <remarks>
/// Asking the assembly for all of its types would need no such line, but loads every one of them, which takes 25 to 50 ms of a build.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class KindAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
