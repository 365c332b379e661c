// Types that the compiler asks for and netstandard2.0 does not have.

namespace System.Runtime.CompilerServices
{
    /// <summary>Lets records and init-only properties compile for netstandard2.0.</summary>
    internal static class IsExternalInit;

    /// <summary>Lets properties be required.</summary>
    [AttributeUsage(AttributeTargets.All, Inherited = false)]
    internal sealed class RequiredMemberAttribute : Attribute;

    /// <summary>Marks what needs a compiler that knows the feature.</summary>
    [AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
    internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
    {
        public string FeatureName { get; } = featureName;
    }
}
