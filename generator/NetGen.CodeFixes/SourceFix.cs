using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>What changes in the text, and how it is offered.</summary>
internal sealed record Edit(string Title, params TextChange[] Changes);

/// <summary>
/// A fix that edits the file of the diagnostic. Edits are of the text and no larger than they must be, so that
/// the user's formatting stays as it is.
/// </summary>
public abstract class SourceFix : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null)
            return;
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (EditFor(root, diagnostic) is not Edit edit)
                continue;
            Document document = context.Document;
            context.RegisterCodeFix(
                // All edits of one fix are equivalent: that is what "fix all" goes by.
                CodeAction.Create(edit.Title, cancellationToken => ApplyAsync(document, new[] { edit }, cancellationToken),
                    GetType().FullName),
                diagnostic);
        }
    }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(async (context, document, diagnostics) =>
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        return root is null
            ? null
            : await ApplyAsync(document, diagnostics.Select(diagnostic => EditFor(root, diagnostic)).OfType<Edit>(),
                context.CancellationToken).ConfigureAwait(false);
    });

    /// <summary>The edit that removes the diagnostic; null if its place is not what it was when it was reported.</summary>
    private protected abstract Edit? EditFor(SyntaxNode root, Diagnostic diagnostic);

    private static async Task<Document> ApplyAsync(Document document, IEnumerable<Edit> edits, CancellationToken cancellationToken)
    {
        SourceText text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        List<Edit> all = edits.GroupBy(edit => string.Join("|", edit.Changes.Select(change => change.ToString())))
            .Select(group => group.First()).ToList();
        var changes = new List<TextChange>();
        foreach (Edit edit in all)
        {
            // A block that networks use with different shapes has no single right number. The user chooses, one by one.
            if (all.Any(other => other != edit && other.Changes.Any(change => edit.Changes.Any(own => own.Span == change.Span))))
                continue;
            // Of edits that overlap otherwise the first is made; what the others mend is reported again.
            if (!edit.Changes.Any(own => changes.Exists(change => change.Span.OverlapsWith(own.Span))))
                changes.AddRange(edit.Changes);
        }
        return document.WithText(text.WithChanges(changes));
    }
}
