using System.Reflection;

namespace NetGen.Generator.Registration;

/// <summary>The kinds that this assembly declares by <see cref="KindAttribute"/>.</summary>
internal static class Kinds
{
    private static readonly Type[] Declared =
        typeof(Kinds).Assembly.GetCustomAttributes<KindAttribute>().Select(kind => kind.Type).ToArray();

    /// <summary>
    /// One object of each kind of <typeparamref name="T"/>, by the full names of their classes: nothing may hang on the order in which an
    /// assembly holds its attributes.
    /// </summary>
    public static IReadOnlyList<T> Of<T>()
        where T : class
        => Declared.Where(type => type.IsSubclassOf(typeof(T))).OrderBy(type => type.FullName, StringComparer.Ordinal)
            .Select(type => (T)Activator.CreateInstance(type)).ToArray();
}
