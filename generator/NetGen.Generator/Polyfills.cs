// Types that the compiler asks for and netstandard2.0 does not have.

namespace System.Runtime.CompilerServices
{
    /// <summary>Lets records and init-only properties compile for netstandard2.0.</summary>
    internal static class IsExternalInit;
}
